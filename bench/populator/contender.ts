import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { commandOf } from '../measure/build-tool.ts';
import { type Cost, inThisProcess } from '../measure/cost.ts';
import type { DataSetName } from '../measure/data-set.ts';
import type * as upload from '../measure/measure-upload.ts';
import { runChild } from '../measure/run-child.ts';
import { uploadWays } from '../measure/upload-ways.ts';
import { type PopulateGround, optionsFor } from './populate-ground.ts';

export type Role = 'limit' | 'populator' | 'all it does';
type Contender = upload.Contender<Role, PopulateGround>;

/**
 * The limits, which upload what was made beforehand and look at nothing; the populator that does no more than make and
 * upload the same; and the populator that also puts labels on the studies and writes a manifest.
 */
export const contendersFor = (name: DataSetName): Contender[] => [
  ...uploadWays(name).map((way): Contender => ({
    name: `limit: ${way.name}`,
    role: 'limit',
    bring: ({ files, signal }, destination) =>
      inThisProcess(() => way.upload(files, { destination, signal })),
  })),
  {
    name: 'populator',
    role: 'populator',
    bring: (ground, url) => runPopulator(ground, url, ['--max-labels', '0']),
  },
  {
    name: 'populator with labels and manifest',
    role: 'all it does',
    bring: (ground, url) => runPopulator(ground, url, ['--manifest', 'manifest.jsonl']),
  },
];

async function runPopulator(
  { set, signal }: PopulateGround,
  destination: string,
  more: readonly string[],
): Promise<Cost> {
  const work = await mkdtemp(join(tmpdir(), 'bench-populator-'));
  try {
    const { exitCode, output, ...cost } = await runChild({
      command: [
        process.execPath,
        commandOf('populator'),
        ...['--url', destination, ...optionsFor(set)],
        ...more,
      ],
      cwd: work,
      // Nothing else: a variable of the caller would be an option of the populator.
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' },
      signal,
    });
    if (exitCode !== 0) throw new Error(`The populator ended with ${String(exitCode)}:\n${output}`);
    return cost;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
