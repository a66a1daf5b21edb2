import type { GivenOptions } from '@orthanc-tools/tool-options';
import { type CallSurroundings, type RunOutcome, callTool } from '@orthanc-tools/tool-runtime';
import { cleanerTool } from './cleaner.ts';
import type { cleanerOptions } from './options.ts';

/** The options of the command line by their keys: `--max-studies` is `maxStudies`; durations in ms. */
export type CleanOptions = GivenOptions<typeof cleanerOptions>;

export type CleanResult = RunOutcome;

/** Cleans from a script: with `once` now, otherwise at the execution times until the signal is aborted. */
export function cleanOrthanc(options: CleanOptions, surroundings?: CallSurroundings): Promise<CleanResult> {
  return callTool(cleanerTool, options, surroundings);
}
