import { closeSync, fdatasync, fsync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const [syncData, sync] = [promisify(fdatasync), promisify(fsync)];

async function writeFile(folder: string, name: string, content: Buffer): Promise<void> {
  const file = openSync(join(folder, `.${name}.tmp`), 'w');
  try {
    writeSync(file, content);
    await syncData(file);
  } finally {
    closeSync(file);
  }
}

/**
 * What the disk allows: files per second that are written, synced, renamed, with the folder synced once for each group.
 * @param group files that share a wait for the disk; 1: each waits for itself
 */
export async function diskRate(
  folder: string,
  group: number,
  { bytes = 2600, seconds = 4 } = {},
): Promise<number> {
  const content = Buffer.alloc(bytes, 'x');
  const directory = openSync(folder, 'r');
  const began = performance.now();
  let written = 0;
  try {
    while (performance.now() - began < seconds * 1000) {
      const names = Array.from({ length: group }, (_, at) => `f${String(written + at)}`);
      await Promise.all(names.map((name) => writeFile(folder, name, content)));
      for (const name of names) renameSync(join(folder, `.${name}.tmp`), join(folder, `${name}.wl`));
      await sync(directory);
      written += group;
    }
  } finally {
    closeSync(directory);
  }
  return written / ((performance.now() - began) / 1000);
}
