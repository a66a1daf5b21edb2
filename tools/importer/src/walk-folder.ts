import type { Dirent, Stats } from 'node:fs';
import { opendir } from 'node:fs/promises';
import type { Disk } from './disk.ts';
import { below, keyOf } from './file-key.ts';

/** Something in the folder, and what it looked like. A folder that cannot be read is told with a slash at its end. */
export interface Found {
  readonly key: string;
  /** Changes with the file. */
  readonly mark: string;
  readonly size: number;
  readonly mtimeMs: number;
}

interface Folder {
  readonly path: Buffer;
  /** Its file system. */
  readonly device: number;
  /** Those above it, with what the file system knows them by: a link to one of them is a loop. */
  readonly above: Folder | undefined;
  readonly identity: string;
}

/** The marks of what is no file to be opened. */
const loopMark = 'loop';
const specialMark = 'special';
const brokenMark = 'unreadable';

const identityOf = ({ dev, ino }: Stats): string => `${String(dev)}:${String(ino)}`;

const folderAt = (path: Buffer, above: Folder | undefined, seen: Stats): Folder => ({
  path,
  above,
  device: seen.dev,
  identity: identityOf(seen),
});

export interface WalkSettings {
  readonly disk: Disk;
  /** Told the key and the file system of each folder that is on another one than the folder above it. */
  readonly onOtherDisk?: (key: string, device: string) => Promise<void> | void;
}

/**
 * Everything below a folder, in pages, in the order of the disk. Only folders still to be read are held. Links are
 * followed, except into a folder in which they stand.
 */
export async function* walkFolder(
  root: Buffer,
  { disk, onOtherDisk }: WalkSettings,
  signal: AbortSignal,
): AsyncGenerator<Found[]> {
  const seen = await disk.look(root);
  const pending: Folder[] = [folderAt(Buffer.alloc(0), undefined, seen)];
  for (let folder = pending.pop(); folder !== undefined && !signal.aborted; folder = pending.pop()) {
    for await (const entries of pagesOf(root, folder)) {
      if (signal.aborted) return;
      if (!Array.isArray(entries)) {
        yield [entries];
        continue;
      }
      const all = await Promise.all(entries.map((entry) => look({ root, disk }, folder, entry)));
      const folders = all.filter((one) => 'above' in one);
      for (const { path, device } of folders)
        if (device !== folder.device) await onOtherDisk?.(keyOf(path), String(device));
      pending.push(...folders);
      const found = all.filter((one) => 'key' in one);
      if (found.length > 0) yield found;
    }
  }
}

interface Walk {
  readonly root: Buffer;
  readonly disk: Disk;
}

const pageSize = 256;

/** The entries of one folder in pages, or the finding that it cannot be read. */
async function* pagesOf(root: Buffer, { path }: Folder): AsyncGenerator<Dirent<Buffer>[] | Found> {
  let page: Dirent<Buffer>[] = [];
  try {
    const folder = await opendir(below(root, path) as unknown as string, {
      encoding: 'buffer' as BufferEncoding,
      bufferSize: pageSize,
    });
    for await (const entry of folder) {
      page.push(entry as unknown as Dirent<Buffer>);
      if (page.length < pageSize) continue;
      yield page;
      page = [];
    }
  } catch (error) {
    if (!isOfFileSystem(error)) throw error;
    yield { key: `${keyOf(path)}/`, mark: brokenMark, size: 0, mtimeMs: 0 };
  }
  if (page.length > 0) yield page;
}

const isOfFileSystem = (error: unknown): error is NodeJS.ErrnoException =>
  typeof (error as NodeJS.ErrnoException).code === 'string' && 'syscall' in (error as object);

async function look({ root, disk }: Walk, above: Folder, entry: Dirent<Buffer>): Promise<Found | Folder> {
  const path = above.path.length === 0 ? entry.name : below(above.path, entry.name);
  const odd = (mark: string): Found => ({ key: keyOf(path), mark, size: 0, mtimeMs: 0 });
  let seen: Stats;
  try {
    seen = await disk.look(below(root, path));
  } catch (error) {
    if (!isOfFileSystem(error)) throw error;
    return odd(error.code === 'ELOOP' ? loopMark : brokenMark);
  }
  if (seen.isDirectory()) {
    const folder = folderAt(path, above, seen);
    return isLoop(folder) ? odd(loopMark) : folder;
  }
  if (!seen.isFile()) return odd(specialMark);
  const { size, mtimeMs } = seen;
  return { key: keyOf(path), mark: markOf(seen), size, mtimeMs };
}

/** Changes with the file. */
export const markOf = ({ size, mtimeMs }: Pick<Stats, 'size' | 'mtimeMs'>): string =>
  `${String(size)} ${String(Math.round(mtimeMs))}`;

function isLoop({ above, identity }: Folder): boolean {
  for (let folder = above; folder !== undefined; folder = folder.above)
    if (folder.identity === identity) return true;
  return false;
}
