import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A built command, and who runs it with what Node. */
export interface CommandPlace {
  readonly command: string;
  readonly node: string;
  /** A script that tells the peak of its memory; see `peak-memory.mjs`. */
  readonly hook: string;
  /** This process's own if missing. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

export const builtTool = (tool: string): CommandPlace => ({
  command: fileURLToPath(new URL(`../../tools/${tool}/bin/orthanc-${tool}.mjs`, import.meta.url)),
  node: process.execPath,
  hook: fileURLToPath(new URL('peak-memory.mjs', import.meta.url)),
});

export interface EndedCommand {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** The most memory (RSS, in bytes) that it had; undefined when a signal ended it. */
  readonly peakMemory: number | undefined;
}

export interface RunningCommand extends AsyncDisposable {
  readonly pid: number;
  readonly ended: Promise<EndedCommand>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the text has been printed so many times; rejects when the command ends without that. */
  printed(text: string, times?: number): Promise<void>;
}

/** The built command, in a process of its own. Disposing of it kills what still runs. */
export function startCommand(place: CommandPlace, argv: readonly string[]): RunningCommand {
  const began = performance.now();
  const peakMemoryFile = join(tmpdir(), `peak-memory-${randomUUID()}`);
  const { node, hook, command, user } = place;
  const child = spawn(node, ['--import', hook, command, ...argv], {
    ...user,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PEAK_MEMORY_FILE: peakMemoryFile },
  });
  const output = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<EndedCommand>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      const seconds = (performance.now() - began) / 1000;
      resolve({ exitCode, signal, ...output, seconds, peakMemory: takeNumber(peakMemoryFile) });
    });
  });
  const printed = async (text: string, times = 1) => {
    const { promise, resolve } = Promise.withResolvers<'seen'>();
    const isSeen = () => output.stdout.split(text).length > times;
    const look = () => {
      if (isSeen()) resolve('seen');
    };
    listeners.add(look);
    look();
    const result = await Promise.race([promise, ended]);
    listeners.delete(look);
    if (result !== 'seen' && !isSeen())
      throw new Error(`the command ended without printing ${text}:\n${result.stderr}${result.stdout}`);
  };
  return {
    pid: child.pid ?? -1,
    ended,
    kill: (signal) => void child.kill(signal),
    printed,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function takeNumber(path: string): number | undefined {
  if (!existsSync(path)) return undefined;
  const value = Number(readFileSync(path, 'utf8'));
  rmSync(path);
  return value;
}
