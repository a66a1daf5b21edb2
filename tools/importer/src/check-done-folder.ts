import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';

/**
 * Makes the folder to which files are to be moved, and a file in it for a moment, before any work.
 * @throws configuration `DONE_FOLDER_UNWRITABLE`, `DONE_FOLDER_IMPORTED`
 */
export async function checkDoneFolder(doneFolder: string | undefined, folder: string): Promise<void> {
  if (doneFolder === undefined) return;
  if (await isImported(doneFolder, folder))
    throw configurationError(
      'DONE_FOLDER_IMPORTED',
      `${nameOf('doneFolder')}: "${doneFolder}" lies in the folder that is imported: what is moved there would be found again.`,
    );
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

/** By where both really are: links may lead from the one to the other. */
export async function isImported(doneFolder: string, folder: string): Promise<boolean> {
  const done = await realPlace(resolve(doneFolder));
  const imported = await realPlace(resolve(folder));
  return `${done}/`.startsWith(imported === '/' ? imported : `${imported}/`);
}

/** Also of what is still to be made. */
async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT' && path !== dirname(path);
    return isMissing ? join(await realPlace(dirname(path)), basename(path)) : path;
  }
}

/** Level by level: Node's recursive way never ends where a file system says that no folder can be made, as in /proc. */
async function makeEach(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  await makeEach(dirname(folder));
  await mkdir(folder);
}
