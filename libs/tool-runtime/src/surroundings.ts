import process from 'node:process';
import { systemClock } from '@orthanc-tools/scheduling';
import type { Clock } from '@orthanc-tools/scheduling';

/** As much of `process.stdout` as the runtime needs. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The world around a tool; what is left out is that of the process. */
export interface Surroundings {
  /** Without the interpreter and the script. */
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdout?: OutputStream;
  readonly stderr?: OutputStream;
  readonly clock?: Clock;
  /** Ends the run. When given, the runtime leaves the signals of the process alone. */
  readonly signal?: AbortSignal;
}

export interface CompleteSurroundings {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/** Fills in what was left out. */
export function completeSurroundings(given: Surroundings): CompleteSurroundings {
  if (given.stdout === undefined) endQuietlyWhenNobodyReads();
  return {
    argv: given.argv ?? process.argv.slice(2),
    env: given.env ?? process.env,
    stdout: given.stdout ?? process.stdout,
    stderr: given.stderr ?? process.stderr,
    clock: given.clock ?? systemClock,
    signal: given.signal,
  };
}

/** `orthanc-cloner status | head` closes the pipe: no defect, and no reason to stop a run either. */
function endQuietlyWhenNobodyReads(): void {
  if (process.stdout.listenerCount('error') > 0) return;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
