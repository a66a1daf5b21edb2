import { median } from '../measure/median.ts';
import { type Verdict, atLeast, atMost } from '../measure/verdict.ts';
import type { Result } from './measure-import.ts';

const leastShareOfLimit = 0.9;
const mostMegabytes = 250;
// A heap of JavaScript is collected when it likes; growth with the folder would be a multiple.
const mostGrowth = 1.25;

const rateOf = ({ rounds }: Result): number => median(rounds.map((round) => round.instancesPerSecond));
const cpuSumOf = ({ rounds }: Result): number => median(rounds.map(({ cpu }) => cpu.sum));
export const peakOf = ({ rounds }: Result): number =>
  Math.max(...rounds.map((round) => round.peakMegabytes ?? 0));

/** The share is that of the two medians: each round has all contenders in turn. */
export function judgeImport(results: readonly Result[]): Verdict[] {
  const [limit, importer] = [best(results, 'limit'), best(results, 'importer')];
  return [
    atLeast(leastShareOfLimit, {
      promise: `importer ÷ limit (${limit.contender.name.slice('limit: '.length)})`,
      measured: rateOf(importer) / rateOf(limit),
      byCpu: cpuSumOf(limit) / cpuSumOf(importer),
    }),
    atMost(mostMegabytes, { promise: 'peak memory of the importer, MB', measured: peakOf(importer) }),
  ];
}

/** What else one may want to know; promised is nothing. */
export function remarks(results: readonly Result[]): string {
  const [hashing, importer] = [best(results, 'hashing'), best(results, 'importer')];
  const byRate = (rateOf(importer) / rateOf(hashing)).toFixed(2);
  const byCpu = (cpuSumOf(hashing) / cpuSumOf(importer)).toFixed(2);
  return `      importer ÷ POST with the MD5 of each file: ${byRate}, by CPU ${byCpu} (no promise)`;
}

/** @param times so many times the files */
export function judgeGrowth(usual: Result, long: Result, times: number): Verdict[] {
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

const best = (results: readonly Result[], role: Result['contender']['role']): Result =>
  results
    .filter(({ contender }) => contender.role === role)
    .reduce((one, other) => (rateOf(other) > rateOf(one) ? other : one));
