import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { withMachineLock } from './machine-lock.ts';

/**
 * Makes a folder once for all processes of this machine. It appears whole or not at all:
 * `make` fills a folder beside it, which is renamed when it is ready.
 */
export async function prepareOnce(
  folder: string,
  make: (unfinished: string) => Promise<void>,
): Promise<void> {
  if (existsSync(folder)) return;
  await withMachineLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return;
    const unfinished = `${folder}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await make(unfinished);
    await rename(unfinished, folder);
  });
}
