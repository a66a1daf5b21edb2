export { cloneOrthanc } from './clone-orthanc.ts';
export type { CloneOptions, CloneResult } from './clone-orthanc.ts';
