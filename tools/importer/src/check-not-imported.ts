import { type FileHandle, open, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import { recognize } from './recognize.ts';

/** As much as tells what a file is. */
const headBytes = 4096;

/**
 * Refuses to write over an image, a PDF or an archive of the folder that is imported; what an earlier run has written there
 * is none of them.
 * @throws configuration `OUTPUT_MISPLACED`
 */
export async function checkNotImported(
  option: string,
  path: string | undefined,
  folder: string,
): Promise<void> {
  if (path === undefined || !(await isWithin(path, folder))) return;
  if ((await kindOf(path)) === 'other') return;
  throw configurationError(
    'OUTPUT_MISPLACED',
    `${nameOf(option)}: "${path}" is one of the files that ${nameOf('folderPath')} is to import, whose place it would take; give a file of its own.`,
  );
}

interface Places {
  readonly folderPath: string;
  readonly report?: string | undefined;
  readonly manifest?: string | undefined;
  readonly errorsPath?: string | undefined;
  readonly htmlReport?: string | undefined;
}

/** The same for every output. @throws configuration `OUTPUT_MISPLACED` */
export async function checkNothingImported(places: Places): Promise<void> {
  for (const option of ['report', 'manifest', 'errorsPath', 'htmlReport'] as const)
    await checkNotImported(option, places[option], places.folderPath);
}

async function isWithin(path: string, folder: string): Promise<boolean> {
  try {
    const [file, root] = await Promise.all([realpath(path), realpath(folder)]);
    return file.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
  } catch {
    // Not there yet: its place is free.
    return false;
  }
}

async function kindOf(path: string) {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return recognize(buffer.subarray(0, bytesRead));
  } catch {
    // A folder, or unreadable: whoever writes there says so.
    return 'other';
  } finally {
    await file?.close();
  }
}
