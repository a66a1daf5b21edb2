import type { GivenOptions } from '@orthanc-tools/tool-options';
import { type CallSurroundings, type RunOutcome, callTool } from '@orthanc-tools/tool-runtime';
import { forwarderTool } from './forwarder.ts';
import type { forwarderOptions } from './options.ts';

/** The options of the command line by their keys: `--dest-url` is `destUrl`; durations in ms. */
export type ForwardOptions = GivenOptions<typeof forwarderOptions>;

export type ForwardResult = RunOutcome;

/** Forwards from a script, until the signal is aborted, or, with `existingChangesOnly`, until nothing is left. */
export function forwardOrthanc(
  options: ForwardOptions,
  surroundings?: CallSurroundings,
): Promise<ForwardResult> {
  return callTool(forwarderTool, options, surroundings);
}
