import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { untilStarted } from './orthanc-log.ts';
import { launcher } from './unpacked-orthanc.ts';

/** One run of an unpacked Orthanc. */
export interface NativeProcess {
  readonly pid: number;
  /** The log of this run. */
  readonly log: string;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  forget(): void;
}

export interface NativeStart {
  readonly root: string;
  readonly runFolder: string;
  readonly environment: Readonly<Record<string, string>>;
}

const stopPatienceMs = 20_000;

/** Starts Orthanc through the dynamic loader of the folder that it was unpacked into, and waits until it is ready. */
export async function startNativeProcess({
  root,
  runFolder,
  environment,
}: NativeStart): Promise<NativeProcess> {
  const logPath = join(runFolder, 'orthanc.log');
  const output = openSync(logPath, 'a');
  const logStart = statSync(logPath).size;
  const [program, ...words] = launchCommand(root);
  const child = spawn(program, words, {
    cwd: runFolder,
    stdio: ['ignore', output, output],
    env: {
      ...environment,
      ORTHANC_ROOT: root,
      ORTHANC_RUN_FOLDER: runFolder,
      PYTHONHOME: join(root, 'usr'),
      PATH: process.env['PATH'],
    },
  });
  closeSync(output);
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const killWithUs = (): unknown => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  child.once('exit', () => process.off('exit', killWithUs));
  const read = async (): Promise<string> =>
    await Promise.resolve(readFileSync(logPath).subarray(logStart).toString());
  const log = await untilStarted({ read, hasEnded });
  return {
    pid: child.pid ?? 0,
    log,
    end: async (signal) => {
      if (!hasEnded()) await endChild(child, signal);
    },
    forget: () => {
      process.off('exit', killWithUs);
      child.unref();
    },
  };
}

async function endChild(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const exit = once(child, 'exit');
  child.kill(signal);
  const patience = new AbortController();
  const tooLate = delay(stopPatienceMs, undefined, { signal: patience.signal }).then(
    () => child.kill('SIGKILL'),
    () => undefined,
  );
  await exit;
  patience.abort();
  await tooLate;
}

function launchCommand(root: string): [string, ...string[]] {
  const libraries = join(root, 'usr/lib');
  const architecture = readdirSync(libraries).find((name) => name.endsWith('-linux-gnu')) ?? '';
  const own = join(libraries, architecture);
  const loader = readdirSync(own).find((name) => /^ld-linux.*\.so/.test(name)) ?? '';
  return [
    join(own, loader),
    '--library-path',
    `${own}:${libraries}`,
    join(root, 'usr/bin/python3'),
    launcher,
  ];
}
