export { populateOrthanc } from './populate-orthanc.ts';
export type { PopulateOptions, PopulateResult } from './populate-orthanc.ts';
