import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runChild } from '../measure/run-child.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What is measured must be what the sources say. Does nothing when it is built already. */
export async function buildCloner(signal: AbortSignal): Promise<void> {
  const { exitCode, output } = await runChild({
    command: [process.execPath, 'node_modules/.bin/nx', 'run', '@orthanc-tools/cloner:bundle'],
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NX_DAEMON: 'false' },
    signal,
  });
  if (exitCode !== 0) throw new Error(`The cloner cannot be built:\n${output}`);
}
