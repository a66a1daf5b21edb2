export { forwardOrthanc } from './forward-orthanc.ts';
export type { ForwardOptions, ForwardResult } from './forward-orthanc.ts';
export type { ForwarderHooks } from '../types/hooks.d.ts';
