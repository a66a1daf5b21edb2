import { median } from '../measure/median.ts';
import { peakOf } from './judge-import.ts';
import type { Measurement, Result } from './measure-import.ts';

const nameWidth = 40;
const width = 9;
const headings = ['inst/s', '(range)', 'MB/s', 'tool', 'Orthanc', 'sum', 'peak MB', 'others'];

/** One line per contender: the median of its rounds in every column by itself, the greatest peak. */
export function printImports(results: readonly Result[]): void {
  console.log(`\n${' '.repeat(nameWidth)}${' '.repeat(3 * width)}  CPU milliseconds per instance`);
  console.log(row('', headings));
  for (const result of results) console.log(row(result.contender.name, cellsOf(result)));
}

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
    middle(({ cpu }) => cpu.orthanc, 2),
    middle(({ cpu }) => cpu.sum, 2),
    peak === 0 ? '' : peak.toFixed(0),
    `${middle(({ foreignShare }) => foreignShare * 100, 0)} %`,
  ];
}

const row = (name: string, cells: readonly string[]): string =>
  name.padEnd(nameWidth) + cells.map((cell) => cell.padStart(width)).join('');
