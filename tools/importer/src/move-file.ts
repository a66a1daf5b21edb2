import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, rename, rm, stat, unlink, utimes } from 'node:fs/promises';
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
    // A run that died between the two steps has left both names of the one file.
    if (code === 'EEXIST') return (await isSame(from, place)) && (await unlink(from), true);
    if (code === 'EXDEV') return copyTo(from, place);
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EMLINK') throw error;
    return renameTo(from, place);
  }
  await unlink(from);
  return true;
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

async function copyTo(from: Buffer, place: Buffer): Promise<boolean> {
  if (!(await take(place))) return false;
  const part = Buffer.concat([place, Buffer.from('.part')]);
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

async function md5Of(path: Buffer): Promise<string> {
  const file = await open(path, 'r');
  const hash = createHash('md5');
  for await (const piece of file.createReadStream()) hash.update(piece as Buffer);
  return hash.digest('hex');
}
