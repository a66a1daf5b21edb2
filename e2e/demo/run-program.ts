import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import process from 'node:process';

export interface ProgramRequest {
  readonly args: readonly string[];
  readonly cwd: string;
  /** Where its standard output goes. */
  readonly outputPath: string;
  /** Where its standard error goes: what it shows to people while it works. */
  readonly errors: 'terminal' | 'with output';
  readonly env?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

// All that a program needs of a terminal, and nothing that it could take for one of its options.
const passedOn = /^(PATH|HOME|TMPDIR|LANG|LC_.*|TERM|COLORTERM|NO_COLOR|FORCE_COLOR|TZ)$/;

/** Runs a program of Node to its end; the signal asks it to stop. @returns its exit code */
export async function runProgram(request: ProgramRequest): Promise<number | null> {
  const { args, cwd, outputPath, errors, env = {}, signal } = request;
  signal.throwIfAborted();
  const output = openSync(outputPath, 'a');
  const terminal = Object.fromEntries(Object.entries(process.env).filter(([name]) => passedOn.test(name)));
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...terminal, ...env },
    stdio: ['ignore', output, errors === 'terminal' ? 'inherit' : output],
  });
  closeSync(output);
  const stop = (): unknown => child.kill('SIGTERM');
  const end = (): unknown => child.kill('SIGKILL');
  signal.addEventListener('abort', stop);
  process.once('exit', end);
  try {
    const [exitCode] = (await once(child, 'exit')) as [number | null];
    return exitCode;
  } finally {
    signal.removeEventListener('abort', stop);
    process.off('exit', end);
  }
}
