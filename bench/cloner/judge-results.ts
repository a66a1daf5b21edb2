import { median } from '../measure/median.ts';
import { type Verdict, atLeast, atMost } from '../measure/verdict.ts';
import type { Contender } from './contender.ts';
import type { DataSetName } from '../measure/data-set.ts';
import type { Measurement } from './measure-copy.ts';

/** All rounds of one contender. */
export interface Result {
  readonly contender: Pick<Contender, 'name' | 'role' | 'roundTripMs'>;
  readonly rounds: readonly Measurement[];
}

const leastShareOfLimit = 0.6;
const leastTimesNaive = 1.25;
const mostOwnCpuMs = 0.5;
const mostOwnCpuMsPerMegabyte = 3.5;
/** Of the limit, in the best mode. */
const wantedShare = { small: 0.8, large: 0.75 };
const leastShareFar = 0.8;
const leastTimesNaiveFar = 2;
const leastTimesNaiveFarther = 5;
const mostMegabytes = 250;
// A heap of JavaScript is collected when it likes; growth with the archive would be a multiple.
const mostGrowth = 1.25;

const rateOf = ({ rounds }: Result): number => median(rounds.map((round) => round.instancesPerSecond));
const ownCpuPerMegabyte = ({ cpu, instancesPerSecond, megabytesPerSecond }: Measurement): number =>
  (cpu.tool * instancesPerSecond) / megabytesPerSecond;
const cpuSumOf = ({ rounds }: Result): number => median(rounds.map(({ cpu }) => cpu.sum));
export const peakOf = ({ rounds }: Result): number =>
  Math.max(...rounds.map((round) => round.peakMegabytes ?? 0));

export function judgeResults(set: DataSetName, results: readonly Result[]): Verdict[] {
  const best = bestIn(results);
  const [limit, naive, cloner] = [best('limit'), best('naive'), best('cloner')];
  const [linked, far] = [best('cloner linked'), best('cloner far')];
  const share = (one: Result, other: Result) => ({
    measured: rateOf(one) / rateOf(other),
    byCpu: cpuSumOf(other) / cpuSumOf(one),
  });
  const own = median(cloner.rounds.map(({ cpu }) => cpu.tool));
  const peak = Math.max(peakOf(cloner), peakOf(far));
  const distance = `${String(far.contender.roundTripMs)} ms`;
  const limitName = limit.contender.name.slice('limit: '.length);
  const fastest = bestOf([cloner, best('cloner peering')]);
  return [
    atLeast(leastShareOfLimit, { promise: `cloner ÷ limit (${limitName})`, ...share(cloner, limit) }),
    atLeast(wantedShare[set], {
      promise: `cloner in its best mode here (${fastest.contender.name}) ÷ limit (${limitName})`,
      ...share(fastest, limit),
      wanted: 'docs/decisions/0035',
    }),
    ...(set === 'small'
      ? [
          atLeast(leastTimesNaive, { promise: 'cloner ÷ naive', ...share(cloner, naive) }),
          atMost(mostOwnCpuMs, { promise: "the cloner's own CPU, ms per instance", measured: own }),
        ]
      : [
          atMost(mostOwnCpuMsPerMegabyte, {
            promise: "the cloner's own CPU, ms per MB",
            measured: median(cloner.rounds.map(ownCpuPerMegabyte)),
          }),
        ]),
    atLeast(leastShareFar, {
      promise: `cloner at ${distance} ÷ cloner by the same link without delay`,
      measured: rateOf(far) / rateOf(linked),
    }),
    ...(set === 'small' ? judgeDistances(best) : []),
    atMost(mostMegabytes, { promise: 'peak memory of the cloner, MB', measured: peak }),
  ];
}

/** Beside the naive way, over the same distance. */
function judgeDistances(best: (role: Contender['role']) => Result): Verdict[] {
  const times = (ours: Contender['role'], theirs: Contender['role']) => {
    const [one, other] = [best(ours), best(theirs)];
    const promise = `cloner ÷ naive, both ${String(one.contender.roundTripMs)} ms away`;
    return { promise, measured: rateOf(one) / rateOf(other) };
  };
  return [
    atLeast(leastTimesNaiveFar, times('cloner far', 'naive far')),
    atLeast(leastTimesNaiveFarther, times('cloner farther', 'naive farther')),
  ];
}

/** What else one may want to know; promised is nothing. */
export function remarks(results: readonly Result[]): string {
  const best = bestIn(results);
  const [lean, cloner] = [best('lean'), best('cloner')];
  const byRate = (rateOf(cloner) / rateOf(lean)).toFixed(2);
  const byCpu = (cpuSumOf(lean) / cpuSumOf(cloner)).toFixed(2);
  const peering = best('cloner peering');
  const own = ({ rounds }: Result) => median(rounds.map(({ cpu }) => cpu.tool)).toFixed(2);
  const byJobs = (cpuSumOf(cloner) / cpuSumOf(peering)).toFixed(2);
  const byAny = (rateOf(best('cloner far')) / rateOf(cloner)).toFixed(2);
  return [
    `      by peering ÷ through the cloner: ${(rateOf(peering) / rateOf(cloner)).toFixed(2)}, by CPU ${byJobs}; its own CPU ${own(peering)} against ${own(cloner)} ms per instance (no promise)`,
    `      cloner ÷ lean relay, which proves nothing: ${byRate}, by CPU ${byCpu} (no promise)`,
    `      cloner at a distance ÷ cloner without any link between: ${byAny} (no promise: the link has the same two cores)`,
  ].join('\n');
}

export function judgeGrowth(usual: number, long: number): Verdict[] {
  return [
    atMost(mostMegabytes, {
      promise: 'peak memory of the cloner with ten times the instances, MB',
      measured: long,
    }),
    atMost(mostGrowth, { promise: 'peak memory: ten times the instances ÷ once', measured: long / usual }),
  ];
}

const bestIn =
  (results: readonly Result[]) =>
  (role: Contender['role']): Result =>
    bestOf(results.filter(({ contender }) => contender.role === role));

function bestOf(results: readonly Result[]): Result {
  return results.reduce((best, result) => (rateOf(result) > rateOf(best) ? result : best));
}
