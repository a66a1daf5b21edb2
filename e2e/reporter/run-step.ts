import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { delimiter, join } from 'node:path';
import process from 'node:process';

export interface Step {
  readonly name: string;
  /** A command of `node_modules/.bin` or of the machine, and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  readonly limitMs: number;
  /** Given each piece of standard output, besides the terminal. */
  readonly onOutput?: (text: string) => void;
  /** Where the lines about the step itself go, and its output when `onOutput` is given; standard output, if missing. */
  readonly say?: (text: string) => void;
}

export const minutes = (count: number): number => count * 60_000;

const root = join(import.meta.dirname, '../..');
const graceMs = 10_000;
const writeOut = (text: string): void => void process.stdout.write(text);

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  // Its Node goes before the machine's.
  PATH: [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
  NX_DAEMON: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
  FORCE_COLOR: '0',
});

/**
 * Runs one step in a process group of its own, tells how long it took, and whether it passed.
 * Never waits beyond the limit; when the step has ended, or was ended, nothing is left of its group.
 */
export async function runStep(step: Step, signal?: AbortSignal): Promise<boolean> {
  const say = step.say ?? writeOut;
  say(`\n== ${step.name}\n`);
  const started = performance.now();
  const fault = await runToEnd(step, signal);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`== ${step.name}: ${fault === undefined ? 'passed' : `FAILED (${fault})`}, ${seconds} s\n`);
  return fault === undefined;
}

/** Tells what was wrong, or nothing. */
async function runToEnd(step: Step, signal?: AbortSignal): Promise<string | undefined> {
  const child = start(step);
  using guard = endInTime(child, step.limitMs, signal);
  const fault = await exitOf(child);
  return guard.reason() ?? fault;
}

function start({ command, env, onOutput, say = writeOut }: Step): ChildProcess {
  const [file, ...args] = command;
  const child = spawn(file, args, {
    cwd: root,
    detached: true,
    stdio: ['ignore', onOutput === undefined ? 'inherit' : 'pipe', 'inherit'],
    env: { ...environment(), ...env },
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    say(text);
    onOutput?.(text);
  });
  return child;
}

/** Ends the child's group at its limit or when interrupted, and in any case when disposed. */
function endInTime(child: ChildProcess, limitMs: number, signal?: AbortSignal) {
  let reason: string | undefined;
  let lastResort: NodeJS.Timeout | undefined;
  const end = (why: string): void => {
    reason ??= why;
    endGroup(child.pid, 'SIGTERM');
    lastResort ??= setTimeout(() => endGroup(child.pid, 'SIGKILL'), graceMs);
  };
  const interrupt = (): void => end('interrupted');
  const limit = setTimeout(() => end(`not finished after ${String(limitMs / 1000)} s`), limitMs);
  signal?.addEventListener('abort', interrupt);
  if (signal?.aborted === true) interrupt();
  return {
    reason: () => reason,
    [Symbol.dispose]: () => {
      clearTimeout(limit);
      clearTimeout(lastResort);
      signal?.removeEventListener('abort', interrupt);
      endGroup(child.pid, 'SIGKILL');
    },
  };
}

/** Tells what was wrong with the exit, or nothing. */
function exitOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    // Output is complete when the child closes; a grandchild that keeps it open is not waited for.
    child.once('exit', () => setTimeout(() => child.stdout?.destroy(), 1000).unref());
    child.once('close', (code, killedBy) => {
      if (code === 0) resolve(undefined);
      else resolve(code === null ? `ended by ${String(killedBy)}` : `exit code ${String(code)}`);
    });
  });
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
