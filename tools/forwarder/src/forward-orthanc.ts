import { configurationError } from '@orthanc-tools/failures';
import type { GivenOptions } from '@orthanc-tools/tool-options';
import { type CallSurroundings, type RunOutcome, callTool } from '@orthanc-tools/tool-runtime';
import type { ForwarderHooks } from '../types/hooks.d.ts';
import { forwarderTool, forwarderWith } from './forwarder.ts';
import { faultOfHooks } from './hooks/load-hooks.ts';
import type { forwarderOptions } from './options.ts';

/** The options of the command line by their keys: `--dest-url` is `destUrl`; durations in ms. */
export type ForwardOptions = Omit<GivenOptions<typeof forwarderOptions>, 'hooks'> & {
  /** Functions of your own, or the module that holds them. */
  readonly hooks?: string | ForwarderHooks | undefined;
};

export type ForwardResult = RunOutcome;

/** Forwards from a script, until the signal is aborted, or, with `existingChangesOnly`, until nothing is left. */
export async function forwardOrthanc(
  { hooks, ...options }: ForwardOptions,
  surroundings?: CallSurroundings,
): Promise<ForwardResult> {
  if (hooks === undefined || typeof hooks === 'string')
    return callTool(forwarderTool, { ...options, hooks }, surroundings);
  const fault = faultOfHooks(hooks);
  if (fault !== undefined) throw configurationError('HOOKS_UNUSABLE', `hooks ${fault}.`);
  return callTool(forwarderWith(hooks), options, surroundings);
}
