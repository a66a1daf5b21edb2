import type { GivenOptions } from '@orthanc-tools/tool-options';
import { type CallSurroundings, type RunOutcome, callTool } from '@orthanc-tools/tool-runtime';
import { migratorTool } from './migrator.ts';
import type { migratorOptions } from './options.ts';

/** The options of the command line by their keys: `--source-modality` is `sourceModality`; durations in ms. */
export type MigrateOptions = GivenOptions<typeof migratorOptions>;

export type MigrateResult = RunOutcome;

/** Migrates studies from a script. Ends when all are proved or set aside, or when the signal is aborted. */
export function migrateStudies(
  options: MigrateOptions,
  surroundings?: CallSurroundings,
): Promise<MigrateResult> {
  return callTool(migratorTool, options, surroundings);
}
