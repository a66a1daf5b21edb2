import { link, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { moveFile } from './move-file.ts';

describe('moving a file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'move-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const at = (name: string) => Buffer.from(join(folder, name));

  it('makes the folders that are wanting, and never overwrites', async () => {
    await writeFile(at('a'), 'new');
    await moveFile(at('a'), at('x/y/a'));
    await writeFile(at('a'), 'newer');
    await moveFile(at('a'), at('x/y/a'));
    expect(await readdir(join(folder, 'x/y'))).toEqual(['a', 'a.2']);
    expect([await readFile(at('x/y/a'), 'utf8'), await readFile(at('x/y/a.2'), 'utf8')]).toEqual([
      'new',
      'newer',
    ]);
  });

  it('ends what a run began that died between the two steps', async () => {
    await writeFile(at('a'), 'once');
    await link(at('a'), at('b'));
    await moveFile(at('a'), at('b'));
    expect(await readdir(folder)).toEqual(['b']);
  });

  it('copies onto another file system, and compares before the original goes', async () => {
    // A file system of its own on every Linux.
    const other = await mkdtemp('/dev/shm/move-');
    try {
      await writeFile(at('a'), 'over there');
      await moveFile(at('a'), Buffer.from(join(other, 'sub/a')));
      await writeFile(at('a'), 'another');
      await moveFile(at('a'), Buffer.from(join(other, 'sub/a')));
      expect(await readdir(folder)).toEqual([]);
      expect(await readdir(join(other, 'sub'))).toEqual(['a', 'a.2']);
      expect(await readFile(join(other, 'sub/a'), 'utf8')).toBe('over there');
    } finally {
      await rm(other, { recursive: true });
    }
  });
});
