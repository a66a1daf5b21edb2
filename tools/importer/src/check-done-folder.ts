import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';

/**
 * Makes the folder to which files are to be moved, and a file in it for a moment, before any work.
 * @throws configuration `DONE_FOLDER_UNWRITABLE`
 */
export async function checkDoneFolder(doneFolder: string | undefined): Promise<void> {
  if (doneFolder === undefined) return;
  const trial = join(doneFolder, `.orthanc-importer-${randomUUID()}.tmp`);
  try {
    await makeEach(resolve(doneFolder));
    await (await open(trial, 'wx')).close();
    await rm(trial);
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    const message = `${nameOf('doneFolder')}: nothing can be moved to "${doneFolder}" (${code}).`;
    throw configurationError('DONE_FOLDER_UNWRITABLE', message, { cause });
  }
}

/** Level by level: Node's recursive way never ends where a file system says that no folder can be made, as in /proc. */
async function makeEach(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  await makeEach(dirname(folder));
  await mkdir(folder);
}
