import { parseArgs } from 'node:util';
import { configurationError } from '@orthanc-tools/failures';
import type { Testbed } from '@orthanc-tools/orthanc-testbed';
import { dataSetNames } from './data-set.ts';
import type { DataSetName } from './data-set.ts';

export interface BenchOptions {
  readonly names: readonly DataSetName[];
  readonly rounds: number;
  readonly scale: number;
  readonly long: boolean;
  readonly verify: boolean;
  readonly provider: Testbed['provider'];
}

/** Undefined where help is asked for. @throws configurationError OPTIONS_INVALID */
export function readBenchOptions(args: readonly string[]): BenchOptions | undefined {
  const { help, data, rounds, scale, long, verify, provider } = parse(args);
  if (help) return undefined;
  const options: BenchOptions = {
    names: dataSetNames.filter((name) => data === undefined || name === data),
    rounds: Number(rounds),
    scale: Number(scale),
    long,
    verify,
    provider: provider === 'containers' ? 'containers' : 'native',
  };
  if (provider !== options.provider) throw invalid('--provider: one of native, containers');
  if (options.names.length === 0) throw invalid(`--data: one of ${dataSetNames.join(', ')}`);
  if (!Number.isInteger(options.rounds) || options.rounds < 1)
    throw invalid('--rounds: a whole number above 0');
  if (!(options.scale > 0)) throw invalid('--scale: a number above 0');
  return options;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rounds: { type: 'string', default: '1' },
        data: { type: 'string' },
        long: { type: 'boolean', default: false },
        verify: { type: 'boolean', default: false },
        provider: { type: 'string', default: 'native' },
        scale: { type: 'string', default: '1' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}

const invalid = (message: string): Error => configurationError('OPTIONS_INVALID', message);
