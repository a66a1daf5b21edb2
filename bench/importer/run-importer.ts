import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { commandOf } from '../measure/build-tool.ts';
import type { Cost } from '../measure/cost.ts';
import { runChild } from '../measure/run-child.ts';

export interface ImportPlace {
  readonly folder: string;
  readonly destination: string;
  readonly signal: AbortSignal;
}

/** The importer as a user runs it: its command, its defaults, a ledger that does not exist yet. */
export async function runImporter({ folder, destination, signal }: ImportPlace): Promise<Cost> {
  const work = await mkdtemp(join(tmpdir(), 'bench-importer-'));
  try {
    const { exitCode, output, ...cost } = await runChild({
      command: [
        process.execPath,
        commandOf('importer'),
        ...['--folder-path', folder, '--url', destination, '--manifest', join(work, 'manifest.csv')],
        ...['--ledger-path', join(work, 'ledger.sqlite'), '--report', join(work, 'report.json')],
      ],
      cwd: work,
      // Nothing else: a variable of the caller would be an option of the importer.
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' },
      signal,
    });
    if (exitCode !== 0) throw new Error(`The importer ended with ${String(exitCode)}:\n${output}`);
    return cost;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
