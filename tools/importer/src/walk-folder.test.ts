import type { Stats } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Disk, openDisk } from './disk.ts';
import { walkFolder } from './walk-folder.ts';

describe('walking a folder', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'walk-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function walked(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for await (const page of walkFolder(
      Buffer.from(folder),
      { disk: openDisk() },
      new AbortController().signal,
    ))
      for (const { key, mark } of page) found.set(key, mark);
    return found;
  }

  it('finds files at any depth, with size and time', async () => {
    const deep = join(folder, ...Array.from({ length: 60 }, (_, n) => `level${String(n)}`));
    await mkdir(deep, { recursive: true });
    await writeFile(join(deep, 'image'), 'abc');
    await writeFile(join(folder, 'top'), '');
    const found = await walked();
    expect([...found.keys()].map((key) => key.split('/').at(-1)).sort()).toEqual(['image', 'top']);
    expect([...found.values()].sort()[1]).toMatch(/^3 \d+$/);
  });

  it('follows links, and tells those that lead into themselves or nowhere', async () => {
    await mkdir(join(folder, 'a', 'b'), { recursive: true });
    await writeFile(join(folder, 'a', 'image'), 'abc');
    await symlink('..', join(folder, 'a', 'b', 'up'));
    await symlink('self', join(folder, 'self'));
    await symlink('nowhere', join(folder, 'broken'));
    await symlink('a/image', join(folder, 'linked'));
    const found = await walked();
    expect(Object.fromEntries([...found].map(([key, mark]) => [key, mark.replace(/ \d+$/, '')]))).toEqual({
      'a/b/up': 'loop',
      'a/image': '3',
      broken: 'unreadable',
      linked: '3',
      self: 'loop',
    });
  });

  it('tells names that are no UTF-8', async () => {
    await writeFile(Buffer.concat([Buffer.from(`${folder}/a`), Buffer.from([0xff])]), 'abc');
    expect([...(await walked()).keys()]).toEqual(['a\\xff']);
  });

  it('holds pages, not folders of any size', async () => {
    await Promise.all(Array.from({ length: 600 }, (_, n) => writeFile(join(folder, String(n)), '')));
    const lengths: number[] = [];
    for await (const page of walkFolder(
      Buffer.from(folder),
      { disk: openDisk() },
      new AbortController().signal,
    ))
      lengths.push(page.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(256);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(600);
  });

  it('tells the folders that are on disks of their own, links to them too', async () => {
    await mkdir(join(folder, 'a', 'b'), { recursive: true });
    await mkdir(join(folder, 'own', 'inner'), { recursive: true });
    await symlink('../own', join(folder, 'a', 'linked'));
    const told = new Map<string, string>();
    const disk = onOtherDisk(await stat(join(folder, 'own')));
    const settings = { disk, onOtherDisk: (key: string, device: string) => void told.set(key, device) };
    const ending = new AbortController();
    for await (const page of walkFolder(Buffer.from(folder), settings, ending.signal)) void page;
    expect(Object.fromEntries(told)).toMatchObject({ own: '77', 'a/linked': '77' });
    expect([...told.keys()].filter((key) => key.startsWith('a/b'))).toEqual([]);
  });
});

/** A disk on which this folder lies on another file system. */
function onOtherDisk({ ino }: Stats): Disk {
  const disk = openDisk();
  return {
    ...disk,
    async look(path) {
      const seen = await disk.look(path);
      return seen.ino === ino ? Object.assign(seen, { dev: 77 }) : seen;
    },
  };
}
