import type { RunTotals } from './run-totals.ts';

/** A hand full: more would be asked for at once than is worth it, and lost together. */
const instancesPerHand = 200;
const bytesPerHand = 16 * 1024 * 1024;
const studiesPerHand = 20;

/**
 * How many studies are visited together: small ones by the dozen, as each question about them costs a round trip; large
 * ones alone. Judged by those that this run has seen so far.
 */
export function studiesInHand({ studies, provedInstances, provedBytes }: RunTotals): number {
  if (studies === 0) return 1;
  const byInstances = (instancesPerHand * studies) / Math.max(1, provedInstances);
  const byBytes = (bytesPerHand * studies) / Math.max(1, provedBytes);
  return Math.max(1, Math.min(studiesPerHand, Math.floor(byInstances), Math.floor(byBytes)));
}
