import type { GivenOptions } from '@orthanc-tools/tool-options';
import { type CallSurroundings, type RunOutcome, callTool } from '@orthanc-tools/tool-runtime';
import { importerTool } from './importer.ts';
import type { importerOptions } from './options.ts';

/** The options of the command line by their keys: `--folder-path` is `folderPath`; durations in ms. */
export type ImportOptions = GivenOptions<typeof importerOptions>;

export type ImportResult = RunOutcome;

/** Uploads a folder from a script. Ends when everything is stored and proved, or when the signal is aborted. */
export function importFolder(options: ImportOptions, surroundings?: CallSurroundings): Promise<ImportResult> {
  return callTool(importerTool, options, surroundings);
}
