import type { GivenOptions } from '@orthanc-tools/tool-options';
import { type CallSurroundings, type RunOutcome, callTool } from '@orthanc-tools/tool-runtime';
import { clonerTool } from './cloner.ts';
import type { clonerOptions } from './options.ts';

/** The options of the command line by their keys: `--dest-url` is `destUrl`; durations in ms. */
export type CloneOptions = GivenOptions<typeof clonerOptions>;

export type CloneResult = RunOutcome;

/**
 * Copies one Orthanc into another from a script. Ends when the signal is aborted, or, with `existingChangesOnly`, when
 * everything is copied and proved.
 */
export function cloneOrthanc(options: CloneOptions, surroundings?: CallSurroundings): Promise<CloneResult> {
  return callTool(clonerTool, options, surroundings);
}
