// A tool that copies nothing, and the world around it: for the tests of the runtime.
import { exitCodes } from '@orthanc-tools/failures';
import { telemetryOptions } from '@orthanc-tools/telemetry';
import { count, declareOptions, secret, text, url } from '@orthanc-tools/tool-options';
import { runTool } from './run-tool.ts';
import { runtimeOptions } from './runtime-options.ts';
import type { Surroundings } from './surroundings.ts';
import type { RecordOfWork, Tool } from './tool.ts';

export const copierOptions = declareOptions({
  destUrl: url({ describe: 'Where the images go.', required: true }),
  destPwd: secret({ describe: 'Password.' }),
  workers: count({ describe: 'Copies at a time.', default: 4, min: 1 }),
  pace: count({ describe: 'Copies per second.', default: 5, idleUnless: { destPwd: 'set' } }),
  record: text({ describe: 'Where its record of work lies.', commands: ['status', 'requeue'] }),
  ...telemetryOptions,
  ...runtimeOptions,
});

export type Copier = Tool<typeof copierOptions>;

export const copier: Copier = {
  name: 'copier',
  command: 'orthanc-copier',
  summary: 'Copies nothing at all.',
  version: '1.2.3',
  options: copierOptions,
  examples: ['orthanc-copier --dest-url http://b:8042', 'orthanc-copier doctor --dest-url http://b:8042'],
  run: () =>
    Promise.resolve({ exitCode: exitCodes.done, summary: { copiedInstances: 1234, copiedBytes: 5_600_000 } }),
};

/** A record of work that opens so. */
export const recordOf = (
  open: RecordOfWork<typeof copierOptions>['open'],
): RecordOfWork<typeof copierOptions> => ({
  items: ['study', 'studies'],
  parts: ['image', 'images'],
  open,
});

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of standard output that are JSON. */
  readonly lines: readonly Record<string, unknown>[];
}

function linesOf(stdout: string): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Runs the tool with a command line; a signal is given so that the signals of the test's process stay alone. */
export async function ran(
  tool: Copier,
  argv: readonly string[],
  surroundings: Surroundings & { isTTY?: boolean } = {},
): Promise<Ran> {
  const { isTTY = false, ...rest } = surroundings;
  let [stdout, stderr] = ['', ''];
  const exitCode = await runTool(tool, {
    argv,
    env: {},
    stdout: { isTTY, write: (text) => (stdout += text) },
    stderr: { isTTY, write: (text) => (stderr += text) },
    signal: new AbortController().signal,
    ...rest,
  });
  return { exitCode, stdout, stderr, lines: linesOf(stdout) };
}
