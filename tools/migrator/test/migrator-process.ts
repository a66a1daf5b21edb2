import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { StudyStep } from '../src/study-steps.ts';

const command = fileURLToPath(new URL('../bin/orthanc-migrator.mjs', import.meta.url));
const hook = fileURLToPath(new URL('kill-at-step.mjs', import.meta.url));

export interface EndedProcess {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface MigratorProcess {
  readonly ended: Promise<EndedProcess>;
  /** Resolves when the output holds the text. */
  says(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** The built command, in a process of its own; it is killed when it comes to the step for the n-th time. */
export function startMigrator(
  argv: readonly string[],
  { home, diesAt, time = 1 }: { readonly home: string; readonly diesAt?: StudyStep; readonly time?: number },
): MigratorProcess {
  const child = spawn(process.execPath, ['--import', hook, command, ...argv, '--log-level=debug'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { HOME: home, DIES_AT_STEP: diesAt, DIES_AT_TIME: String(time) },
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
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (output.stdout.includes(text)) resolve();
      };
      child.stdout.on('data', look);
      child.once('close', () => {
        reject(new Error(`It ended without saying ${text}: ${output.stdout}${output.stderr}`));
      });
      look();
    });
  return { ended, says, kill: (signal) => void child.kill(signal) };
}
