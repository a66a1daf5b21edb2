import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { UnitStep } from '../src/unit-steps.ts';

const command = fileURLToPath(new URL('../bin/orthanc-forwarder.mjs', import.meta.url));
const hook = fileURLToPath(new URL('kill-at-step.mjs', import.meta.url));

export interface EndedProcess {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ForwarderProcess {
  readonly ended: Promise<EndedProcess>;
  kill(signal: NodeJS.Signals): void;
}

interface ForwarderPlace {
  readonly home: string;
  readonly diesAt?: UnitStep | undefined;
  readonly times?: number | undefined;
}

/** The built command, in a process of its own; it is killed when it comes to the step, by default for the first time. */
export function startForwarder(
  argv: readonly string[],
  { home, diesAt, times = 1 }: ForwarderPlace,
): ForwarderProcess {
  const child = spawn(process.execPath, ['--import', hook, command, ...argv, '--log-level=debug'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { HOME: home, DIES_AT_STEP: diesAt, DIES_AT_TIME: String(times) },
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  const ended = new Promise<EndedProcess>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      resolve({ exitCode, signal, ...output });
    });
  });
  return { ended, kill: (signal) => void child.kill(signal) };
}
