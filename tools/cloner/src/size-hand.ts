import type { RunTotals } from './run-totals.ts';

/** A hand full: more would be asked for at once than is worth it, and lost together. */
const instancesPerHand = 200;
const bytesPerHand = 16 * 1024 * 1024;
const studiesPerHand = 20;

/** What is in hand when the process is told to stop is given so long to end: no more should be begun at once. */
const msPerHand = 8000;

/**
 * How many studies are visited together: small ones by the dozen, as each question about them costs a round trip; large
 * ones alone, and all alone where the way is slow. Judged by those that this run has seen so far.
 */
export function studiesInHand({ studies, provedInstances, provedBytes, handMs }: RunTotals): number {
  if (studies === 0) return 1;
  const byTime = (msPerHand * studies) / Math.max(1, handMs);
  const byInstances = (instancesPerHand * studies) / Math.max(1, provedInstances);
  const byBytes = (bytesPerHand * studies) / Math.max(1, provedBytes);
  return Math.max(1, Math.min(studiesPerHand, Math.floor(Math.min(byInstances, byBytes, byTime))));
}
