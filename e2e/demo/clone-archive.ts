import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunningOrthanc } from '@orthanc-tools/orthanc-testbed';
import type { Narrator } from './narrator.ts';
import { runProgram } from './run-program.ts';

export interface CloneRequest {
  readonly source: RunningOrthanc;
  readonly destination: RunningOrthanc;
  /** For ledger, report and log. */
  readonly folder: string;
  readonly narrator: Narrator;
  readonly signal: AbortSignal;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const command = 'tools/cloner/bin/orthanc-cloner.mjs';

/** Builds the cloner, unless it is already what the sources say. */
export async function buildCloner(folder: string, signal: AbortSignal): Promise<void> {
  const outputPath = join(folder, 'build.log');
  const args = [join(root, 'node_modules/.bin/nx'), 'run', '@orthanc-tools/cloner:bundle'];
  const exitCode = await runProgram({
    args,
    cwd: root,
    outputPath,
    errors: 'with output',
    env: { NX_DAEMON: 'false' },
    signal,
  });
  signal.throwIfAborted();
  if (exitCode !== 0) throw new Error(`The cloner cannot be built:\n${await endOf(outputPath)}`);
}

/** Runs the cloner as a user does. Its progress is on the terminal, its log in a file. @returns its exit code */
export async function cloneArchive({
  source,
  destination,
  folder,
  narrator,
  signal,
}: CloneRequest): Promise<number | null> {
  const options = ['--source-url', source.url, '--dest-url', destination.url, '--existing-changes-only'];
  const files = ['--ledger-path', join(folder, 'ledger.sqlite'), '--report', join(folder, 'report.json')];
  narrator.say(`npx orthanc-cloner ${options.join(' ')}`);
  const outputPath = join(folder, 'cloner.log');
  const exitCode = await runProgram({
    args: [join(root, command), ...options, ...files],
    cwd: folder,
    outputPath,
    errors: 'terminal',
    signal,
  });
  if (exitCode !== 0 && !signal.aborted)
    narrator.bad(`The cloner ended with ${String(exitCode)}:\n${await endOf(outputPath)}`);
  if (exitCode === 0) narrator.say(await claimOf(join(folder, 'report.json')));
  return exitCode;
}

/** What the cloner says of itself; the proof does not rest on it. */
async function claimOf(reportPath: string): Promise<string> {
  const { summary } = JSON.parse(await readFile(reportPath, 'utf8')) as { summary: Record<string, number> };
  const counts = ['studies', 'copiedInstances', 'provedInstances', 'setAsideInstances'];
  return `It says: ${counts.map((name) => `${name} ${String(summary[name])}`).join(', ')}`;
}

async function endOf(path: string): Promise<string> {
  return (await readFile(path, 'utf8')).slice(-2000);
}
