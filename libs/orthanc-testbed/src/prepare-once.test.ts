import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { prepareOnce } from './prepare-once.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'prepare-once-'));
});
afterEach(async () => {
  await rm(home, { recursive: true });
});

const maker = (calls: string[]) => async (folder: string) => {
  calls.push(folder);
  await mkdir(folder);
  await writeFile(join(folder, 'content'), 'made');
};

describe('prepareOnce', () => {
  it('makes a folder once for several that want it at the same time', async () => {
    const calls: string[] = [];
    const folder = join(home, 'deep', 'folder');
    await Promise.all([1, 2, 3].map(() => prepareOnce(folder, maker(calls))));
    expect(calls).toHaveLength(1);
    expect(await readFile(join(folder, 'content'), 'utf8')).toBe('made');
  });

  it('shows nothing of a failed attempt and starts afresh', async () => {
    const folder = join(home, 'folder');
    const failing = async (path: string) => {
      await mkdir(path);
      await writeFile(join(path, 'half'), '');
      throw new Error('no network');
    };
    await expect(prepareOnce(folder, failing)).rejects.toThrow('no network');
    expect(existsSync(folder)).toBe(false);
    await prepareOnce(folder, maker([]));
    expect(existsSync(join(folder, 'half'))).toBe(false);
  });

  it('takes over from a process that died while making it', async () => {
    const folder = join(home, 'folder');
    await writeFile(
      `${folder}.lock`,
      JSON.stringify({ pid: process.pid, startedAt: 'before the last boot' }),
    );
    await prepareOnce(folder, maker([]));
    expect(existsSync(folder)).toBe(true);
    expect(existsSync(`${folder}.lock`)).toBe(false);
  });
});
