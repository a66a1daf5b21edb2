export { serveHl7 } from './serve-hl7.ts';
export type { Hl7ServerResult, Hl7ServingOptions } from './serve-hl7.ts';
