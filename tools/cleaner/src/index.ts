export { cleanOrthanc } from './clean-orthanc.ts';
export type { CleanOptions, CleanResult } from './clean-orthanc.ts';
