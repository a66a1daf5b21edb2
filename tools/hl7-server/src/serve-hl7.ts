import type { GivenOptions } from '@orthanc-tools/tool-options';
import { type CallSurroundings, type RunOutcome, callTool } from '@orthanc-tools/tool-runtime';
import { hl7ServerTool } from './hl7-server.ts';
import type { hl7ServerOptions } from './options.ts';

/** The options of the command line by their keys: `--journal-path` is `journalPath`; durations in ms. */
export type Hl7ServingOptions = GivenOptions<typeof hl7ServerOptions>;

export type Hl7ServerResult = RunOutcome;

/** Takes messages from a script. Ends when the signal is aborted and everything taken is answered. */
export function serveHl7(
  options: Hl7ServingOptions,
  surroundings?: CallSurroundings,
): Promise<Hl7ServerResult> {
  return callTool(hl7ServerTool, options, surroundings);
}
