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

  describe('onto another file system, after a run that died while it copied', () => {
    let other: string;
    beforeEach(async () => {
      other = await mkdtemp('/dev/shm/move-');
    });
    afterEach(() => rm(other, { recursive: true }));
    const there = (name: string) => Buffer.from(join(other, name));

    it.each(['', 'over '])('takes away what that has left of this file: "%s"', async (begun) => {
      await writeFile(at('a'), 'over there');
      await writeFile(there('a'), '');
      await writeFile(there('a.part'), begun);
      await moveFile(at('a'), there('a'));
      expect([await readdir(folder), await readdir(other)]).toEqual([[], ['a']]);
      expect(await readFile(there('a'), 'utf8')).toBe('over there');
    });

    it.each([
      ['of another file', '', 'other'],
      ['longer than the file', '', 'over there and more'],
      ['beside a whole file', 'whole', 'over '],
    ])('leaves what may be somebody else’s: %s', async (_, place, part) => {
      await writeFile(at('a'), 'over there');
      await writeFile(there('a'), place);
      await writeFile(there('a.part'), part);
      await moveFile(at('a'), there('a'));
      expect(await readdir(other)).toEqual(['a', 'a.2', 'a.part']);
      expect(await readFile(there('a'), 'utf8')).toBe(place);
      expect(await readFile(there('a.part'), 'utf8')).toBe(part);
      expect(await readFile(there('a.2'), 'utf8')).toBe('over there');
    });

    it('never overwrites a file that is called as a part would be', async () => {
      await writeFile(at('a'), 'over there');
      await writeFile(there('a.part'), 'of somebody');
      await moveFile(at('a'), there('a'));
      expect(await readdir(other)).toEqual(['a.2', 'a.part']);
      expect(await readFile(there('a.part'), 'utf8')).toBe('of somebody');
    });
  });
});
