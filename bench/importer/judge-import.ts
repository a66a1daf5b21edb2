import { type Result, bestOf, peakOf, shareOf, shareOfLimit } from '../measure/upload-results.ts';
import { type Verdict, atMost } from '../measure/verdict.ts';
import type { Role } from './contender.ts';

const leastShareOfLimit = 0.9;
const mostMegabytes = 250;
// A heap of JavaScript is collected when it likes; growth with the folder would be a multiple.
const mostGrowth = 1.25;

export function judgeImport(results: readonly Result<Role>[]): Verdict[] {
  const [limit, importer] = [bestOf(results, 'limit'), bestOf(results, 'importer')];
  return [
    shareOfLimit(importer, limit, leastShareOfLimit),
    atMost(mostMegabytes, { promise: 'peak memory of the importer, MB', measured: peakOf(importer) }),
  ];
}

/** What else one may want to know; promised is nothing. */
export function remarks(results: readonly Result<Role>[]): string {
  const [hashing, importer] = [bestOf(results, 'hashing'), bestOf(results, 'importer')];
  const { measured, byCpu } = shareOf(importer, hashing);
  return `      importer ÷ POST with the MD5 of each file: ${measured.toFixed(2)}, by CPU ${byCpu.toFixed(2)} (no promise)`;
}

/** @param times so many times the files */
export function judgeGrowth(usual: Result<Role>, long: Result<Role>, times: number): Verdict[] {
  const peak = peakOf(long);
  return [
    atMost(mostMegabytes, {
      promise: `peak memory with ${String(times)} times the files, MB`,
      measured: peak,
    }),
    atMost(mostGrowth, {
      promise: `peak memory: ${String(times)} times the files ÷ once`,
      measured: peak / peakOf(usual),
    }),
  ];
}
