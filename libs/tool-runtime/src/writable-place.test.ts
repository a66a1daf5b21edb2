import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tryFile, tryFolder } from './writable-place.ts';

async function openFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'writable-'));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

describe('tryFile', () => {
  it('tells a file that could be made, however many folders are missing, and makes none', async () => {
    await using place = await openFolder();
    const found = await tryFile(join(place.folder, 'a/b/file'));
    expect(found).toMatchObject({ is: 'writable', isThere: false, folder: place.folder });
    expect(found.is === 'writable' && found.freeBytes).toBeGreaterThan(0);
    expect(await readdir(place.folder)).toEqual([]);
  });

  it('tells what is in the way', async () => {
    await using place = await openFolder();
    const file = join(place.folder, 'file');
    await writeFile(file, '');
    await mkdir(join(place.folder, 'folder'));
    expect(await tryFile(file)).toMatchObject({ is: 'writable', isThere: true });
    expect(await tryFile(join(place.folder, 'folder'))).toMatchObject({ at: 'file', code: 'EISDIR' });
    expect(await tryFile(join(file, 'below'))).toMatchObject({ at: 'folder', code: 'ENOTDIR' });
    expect(await tryFolder(file)).toMatchObject({ is: 'refused', code: 'ENOTDIR' });
    expect(await tryFolder(place.folder)).toMatchObject({ is: 'writable', isThere: true });
  });
});
