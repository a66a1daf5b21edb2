import { systemClock } from '@orthanc-tools/scheduling';
import { createLogger, noMetrics } from '@orthanc-tools/telemetry';
import type { Logger } from '@orthanc-tools/telemetry';
import { completeOptions, secretsIn } from '@orthanc-tools/tool-options';
import type { GivenOptions } from '@orthanc-tools/tool-options';
import { watchHealth } from './health.ts';
import { neverPaused } from './pausing.ts';
import type { ProgressState } from './progress.ts';
import { stateFolderIn } from './state-folder.ts';
import type { RunOutcome, RuntimeTable, Tool } from './tool.ts';

/** What a script may watch and steer. */
export interface CallSurroundings {
  /** Ends the run: what is in hand is finished first. */
  readonly signal?: AbortSignal;
  /** Gets each log line, as JSON with its line end; nothing is logged without it. */
  readonly onLogLine?: (line: string) => void;
  readonly onProgress?: (state: ProgressState) => void;
  /** Where the tool keeps what a restart needs, when no option names a place; in the user's home, if left out. */
  readonly stateFolder?: string;
}

/**
 * Runs a tool from a script: options by their keys, no command line, no variables, nothing that touches the process.
 * @throws the failures that the command line would print, `OPTIONS_INVALID` among them
 */
export async function callTool<Table extends RuntimeTable>(
  tool: Tool<Table>,
  given: GivenOptions<Table>,
  {
    signal = new AbortController().signal,
    onLogLine,
    onProgress,
    stateFolder = stateFolderIn({}),
  }: CallSurroundings = {},
): Promise<RunOutcome> {
  const options = completeOptions(tool.options, given);
  const log = onLogLine === undefined ? silence : await logInto(onLogLine, secretsIn(tool.options, options));
  const outcome = await tool.run(options, {
    log,
    metrics: noMetrics,
    clock: systemClock,
    signal,
    pausing: neverPaused,
    progress: { update: onProgress ?? nothing, note: nothing, stop: nothing },
    health: watchHealth({ log, metrics: noMetrics, signal }),
    stateFolder,
  });
  if (outcome.failure !== undefined) throw outcome.failure;
  return outcome;
}

const nothing = () => undefined;

const silence: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silence,
};

function logInto(write: (line: string) => void, redact: readonly string[]): Promise<Logger> {
  return createLogger({ level: 'info', format: 'json', write, redact });
}
