import { median } from '../measure/median.ts';
import { type Verdict, atLeast, atMost } from '../measure/verdict.ts';
import type { BenchMode, ForwardWay } from './forward-ways.ts';
import type { Forwarding } from './measure-forwarding.ts';

const leastShareOfLimit = 0.9;
const mostMegabytes = 250;

/** All rounds of one way. */
export interface ForwardResult {
  readonly way: Forwarding['way'];
  readonly rounds: readonly Forwarding[];
}

const secondsOf = ({ rounds }: ForwardResult): number => median(rounds.map(({ seconds }) => seconds));

/** The fastest of a role. */
function bestOf(results: readonly ForwardResult[], role: ForwardWay['role']): ForwardResult {
  return results
    .filter(({ way }) => way.role === role)
    .reduce((one, other) => (secondsOf(other) < secondsOf(one) ? other : one));
}

export function judgeForwarding(mode: BenchMode, results: readonly ForwardResult[]): Verdict[] {
  const [limit, sending] = [bestOf(results, 'limit'), bestOf(results, 'sending')];
  const peak = Math.max(...results.flatMap(({ rounds }) => rounds.map((round) => round.peakMegabytes ?? 0)));
  return [
    atLeast(leastShareOfLimit, {
      promise: `${mode}: forwarder ÷ limit (${limit.way.name}), sending`,
      measured: secondsOf(limit) / secondsOf(sending),
    }),
    atMost(mostMegabytes, { promise: `${mode}: peak memory of the forwarder, MB`, measured: peak }),
  ];
}

/** What proof and deletion take beside the sending; promised is nothing. */
export function shares(results: readonly ForwardResult[]): string {
  const [sending, proof, deletion] = (['sending', 'with proof', 'with deletion'] as const).map((role) =>
    secondsOf(bestOf(results, role)),
  ) as [number, number, number];
  const more = (seconds: number) => `${Math.max(0, seconds).toFixed(1)} s`;
  return `      sending ${sending.toFixed(1)} s, proof ${more(proof - sending)} more, deletion ${more(deletion - proof)} more (no promise)`;
}

const nameWidth = 28;
const width = 11;

export function printForwardings(results: readonly ForwardResult[]): void {
  const row = (name: string, cells: readonly string[]): string =>
    name.padEnd(nameWidth) + cells.map((cell) => cell.padStart(width)).join('');
  console.log(`\n${' '.repeat(nameWidth + 3 * width)}  CPU milliseconds per instance`);
  console.log(row('', ['seconds', 'inst/s', 'MB/s', 'tool', 'inbox', 'destination', 'peak MB', 'others']));
  for (const { way, rounds } of results) {
    const middle = (value: (round: Forwarding) => number, digits: number): string =>
      median(rounds.map(value)).toFixed(digits);
    const peak = Math.max(...rounds.map((round) => round.peakMegabytes ?? 0));
    console.log(
      row(way.name, [
        middle(({ seconds }) => seconds, 1),
        middle(({ instancesPerSecond }) => instancesPerSecond, 0),
        middle(({ megabytesPerSecond }) => megabytesPerSecond, 1),
        middle(({ cpu }) => cpu.tool, 2),
        middle(({ cpu }) => cpu.inbox, 2),
        middle(({ cpu }) => cpu.destination, 2),
        peak === 0 ? '' : peak.toFixed(0),
        `${middle(({ foreignShare }) => foreignShare * 100, 0)} %`,
      ]),
    );
  }
}
