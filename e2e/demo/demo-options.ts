import { parseArgs } from 'node:util';
import { configurationError } from '@orthanc-tools/failures';

export const demoUsage = `Copies a synthetic archive from one real Orthanc into another, and proves that both hold the same.

  npm run demo [-- --studies N --seed N --keep]

  --studies N  how many studies; 300 if missing
  --seed N     another archive for another number; 1 if missing
  --keep       leaves both servers running, to look at them, and a third, empty one to try on

Ends with 0 only if both archives are equal.`;

export interface DemoOptions {
  readonly studies: number;
  readonly seed: number;
  readonly keep: boolean;
}

/** Undefined where help is asked for. @throws configurationError OPTIONS_INVALID */
export function readDemoOptions(args: readonly string[]): DemoOptions | undefined {
  const { help, studies, seed, keep } = parse(args);
  if (help) return undefined;
  return { studies: wholeNumber('studies', studies, 1), seed: wholeNumber('seed', seed, 0), keep };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        studies: { type: 'string', default: '300' },
        seed: { type: 'string', default: '1' },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw configurationError('OPTIONS_INVALID', error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, value: string, least: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && number <= 1_000_000) return number;
  throw configurationError(
    'OPTIONS_INVALID',
    `--${name}: a whole number from ${String(least)} to 1000000, not "${value}"`,
  );
}
