import { median } from '../measure/median.ts';
import type { Result } from './judge-results.ts';
import { peakOf } from './judge-results.ts';
import type { Measurement } from './measure-copy.ts';

const nameWidth = 48;
const headings = ['inst/s', '(range)', 'MB/s', 'tool', 'source', 'dest', 'sum', 'peak MB', 'others'];
const width = 9;

/**
 * One line per contender: the median of its rounds in every column by itself, the greatest peak.
 * "others" is the part of the machine that had nothing to do with the copy.
 */
export function printResults(results: readonly Result[]): void {
  console.log(`\n${' '.repeat(nameWidth)}${' '.repeat(3 * width)}   CPU milliseconds per instance`);
  console.log(row('', headings));
  for (const result of results) console.log(row(titleOf(result), cellsOf(result)));
}

export const titleOf = ({ contender }: Pick<Result, 'contender'>): string =>
  contender.roundTripMs === undefined
    ? contender.name
    : `${contender.name}, ${contender.roundTripMs === 0 ? 'same link, no delay' : `${String(contender.roundTripMs)} ms away`}`;

function cellsOf(result: Result): string[] {
  const { rounds } = result;
  const rates = rounds.map(({ instancesPerSecond }) => instancesPerSecond);
  const middle = (value: (round: Measurement) => number, digits: number): string =>
    median(rounds.map(value)).toFixed(digits);
  const peak = peakOf(result);
  return [
    middle(({ instancesPerSecond }) => instancesPerSecond, 0),
    rounds.length === 1 ? '' : `${Math.min(...rates).toFixed(0)}–${Math.max(...rates).toFixed(0)}`,
    middle(({ megabytesPerSecond }) => megabytesPerSecond, 1),
    middle(({ cpu }) => cpu.tool, 2),
    middle(({ cpu }) => cpu.source, 2),
    middle(({ cpu }) => cpu.destination, 2),
    middle(({ cpu }) => cpu.sum, 2),
    peak === 0 ? '' : peak.toFixed(0),
    `${middle(({ foreignShare }) => foreignShare * 100, 0)} %`,
  ];
}

const row = (name: string, cells: readonly string[]): string =>
  name.padEnd(nameWidth) + cells.map((cell) => cell.padStart(width)).join('');

// Above this, rates say as much about the others as about the copies.
const mostForeignShare = 0.15;

export function warnOfOthers(results: readonly Result[]): void {
  const rounds = results
    .filter(({ contender }) => contender.roundTripMs === undefined)
    .flatMap((result) => result.rounds);
  const share = median(rounds.map(({ foreignShare }) => foreignShare));
  if (share > mostForeignShare)
    console.log(
      `\nOthers used ${(share * 100).toFixed(0)} % of the machine meanwhile: trust the CPU figures, not the rates.`,
    );
}
