import { createHash } from 'node:crypto';
import { type Stats, constants } from 'node:fs';
import { copyFile, link, lstat, mkdir, open, rename, rm, stat, unlink, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Moves a file, and never over another one: where there is one, a number is put at the end of the name. Onto another
 * file system it is copied, and the original goes only when the copy was read again and is the same.
 * @throws what the file system says; the file is then still where it was
 */
export async function moveFile(from: Buffer, to: Buffer): Promise<void> {
  // A folder's name may be no UTF-8: latin1 gives each byte back.
  await mkdir(Buffer.from(dirname(to.toString('latin1')), 'latin1'), { recursive: true });
  for (let n = 1; ; n += 1) {
    const place = n === 1 ? to : Buffer.concat([to, Buffer.from(`.${String(n)}`)]);
    if (await moveTo(from, place)) return;
  }
}

/** Whether the place was free. */
async function moveTo(from: Buffer, place: Buffer): Promise<boolean> {
  try {
    await link(from, place);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return endMove(from, place);
    if (code === 'EXDEV') return copyTo(from, place);
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EMLINK') throw error;
    return renameTo(from, place);
  }
  await unlink(from);
  return true;
}

/** To a place that is taken: perhaps by a run that died while it moved this very file. */
async function endMove(from: Buffer, place: Buffer): Promise<boolean> {
  if (await isSame(from, place)) {
    // It died between the two steps, and has left both names of the one file.
    await unlink(from);
    return true;
  }
  return (await clearRemains(from, place)) && copyTo(from, place);
}

async function isSame(one: Buffer, other: Buffer): Promise<boolean> {
  const [a, b] = await Promise.all([stat(one), stat(other)]);
  return a.dev === b.dev && a.ino === b.ino;
}

/** Takes the place with an empty file first, as a rename would overwrite without a word. */
async function renameTo(from: Buffer, place: Buffer): Promise<boolean> {
  if (!(await take(place))) return false;
  await rename(from, place);
  return true;
}

async function take(place: Buffer): Promise<boolean> {
  try {
    await (await open(place, 'wx')).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Onto another file system. */
async function copyTo(from: Buffer, place: Buffer): Promise<boolean> {
  const part = partOf(place);
  if (!(await take(place))) return false;
  // What is called so may be somebody's file.
  if (!(await take(part))) {
    await unlink(place);
    return false;
  }
  try {
    const before = await stat(from);
    await copyFile(from, part, constants.COPYFILE_FICLONE);
    const copy = await open(part, 'r+');
    try {
      await copy.sync();
    } finally {
      await copy.close();
    }
    if ((await md5Of(part)) !== (await md5Of(from))) throw new Error('the copy differs from the file');
    await utimes(part, before.atime, before.mtime);
    await rename(part, place);
  } catch (error) {
    await Promise.all([rm(part, { force: true }), rm(place, { force: true })]);
    throw error;
  }
  await unlink(from);
  return true;
}

const partOf = (place: Buffer): Buffer => Buffer.concat([place, Buffer.from('.part')]);

/**
 * A run that died while it copied has left an empty file in the place, and beside it a part of the copy. Taken away is
 * only what is both: nothing is lost with an empty file, and with bytes with which the file begins that is still there.
 */
async function clearRemains(from: Buffer, place: Buffer): Promise<boolean> {
  const part = partOf(place);
  const [file, taken, begun] = await Promise.all([stat(from), lookAt(place), lookAt(part)]);
  if (taken?.isFile() !== true || taken.size > 0 || taken.dev === file.dev) return false;
  if (begun?.isFile() !== true || begun.size > file.size) return false;
  if (begun.size > 0 && (await md5Of(part)) !== (await md5Of(from, begun.size))) return false;
  await unlink(part);
  await unlink(place);
  return true;
}

async function lookAt(path: Buffer): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Of so many bytes from its beginning, at least one. */
async function md5Of(path: Buffer, length = Infinity): Promise<string> {
  const file = await open(path, 'r');
  const hash = createHash('md5');
  for await (const piece of file.createReadStream({ end: length - 1 })) hash.update(piece as Buffer);
  return hash.digest('hex');
}
