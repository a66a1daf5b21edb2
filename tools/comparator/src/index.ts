export { compareOrthanc } from './compare-orthanc.ts';
export type { CompareOptions, CompareResult } from './compare-orthanc.ts';
