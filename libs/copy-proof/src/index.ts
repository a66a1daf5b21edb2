export { compareStudy } from './compare-study.ts';
export type { Compared, Proof, Verdict } from './compare-study.ts';
export { confirmListed, confirmReading, confirmVanished } from './confirm-reading.ts';
export { hashInstance, haveSameContent } from './hash-instance.ts';
