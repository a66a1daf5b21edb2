import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runChild } from './run-child.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What is measured must be what the sources say. Does nothing when it is built already. */
export async function buildTool(tool: string, signal: AbortSignal): Promise<void> {
  const { exitCode, output } = await runChild({
    command: [process.execPath, 'node_modules/.bin/nx', 'run', `@orthanc-tools/${tool}:bundle`],
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NX_DAEMON: 'false' },
    signal,
  });
  if (exitCode !== 0) throw new Error(`The ${tool} cannot be built:\n${output}`);
}

/** The command of a tool as a user starts it. */
export const commandOf = (tool: string): string =>
  fileURLToPath(new URL(`../../tools/${tool}/bin/orthanc-${tool}.mjs`, import.meta.url));
