import { constants } from 'node:fs';
import { access, mkdtemp, rmdir, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** What became of trying whether a place can be written to. */
export type Writability =
  | {
      readonly is: 'writable';
      readonly isThere: boolean;
      readonly folder: string;
      readonly freeBytes: number;
    }
  /** `at` is what refuses: the file itself, or the folder around it. */
  | { readonly is: 'refused'; readonly at: 'file' | 'folder'; readonly code: string };

/**
 * Whether a run could write this file, making the folders around it where they are missing. Leaves nothing: permissions
 * alone do not tell, as a file system may be read-only, full, or somebody else's.
 */
export async function tryFile(path: string): Promise<Writability> {
  const wanted = resolve(path);
  const around = await tryFolder(dirname(wanted));
  if (around.is === 'refused') return around;
  const there = await stat(wanted).catch(() => undefined);
  if (there === undefined) return { ...around, isThere: false };
  if (there.isDirectory()) return { is: 'refused', at: 'file', code: 'EISDIR' };
  try {
    await access(wanted, constants.R_OK | constants.W_OK);
    return { ...around, isThere: true };
  } catch (error) {
    return { is: 'refused', at: 'file', code: codeOf(error) };
  }
}

/** Whether a run could write into this folder, or make it. Leaves nothing. */
export async function tryFolder(path: string): Promise<Writability> {
  const wanted = resolve(path);
  try {
    const folder = await nearestFolder(wanted);
    await rmdir(await mkdtemp(join(folder, '.doctor-')));
    const { bavail, bsize } = await statfs(folder);
    return { is: 'writable', isThere: folder === wanted, folder, freeBytes: bavail * bsize };
  } catch (error) {
    return { is: 'refused', at: 'folder', code: codeOf(error) };
  }
}

/** The folder, or the one in which a run would make it. */
async function nearestFolder(folder: string): Promise<string> {
  try {
    await stat(folder);
    return folder;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    return nearestFolder(dirname(folder));
  }
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? 'unknown error');
