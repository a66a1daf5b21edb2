import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDisk } from './disk.ts';
import { folderPresence } from './folder-presence.ts';
import { inspectFile } from './inspect-file.ts';
import { noteOf } from './outcome.ts';

describe('looking again at a folder that could not be read', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'inspect-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function codeOf(key: string, ...unread: readonly string[]): Promise<string | undefined> {
    const root = Buffer.from(folder);
    const settings = { folder: root, skipExtensions: [], disk: openDisk(), presence: folderPresence(root) };
    const inspected = await inspectFile(key, { ...settings, unreadFolders: new Set(unread) });
    return 'outcome' in inspected ? noteOf(inspected.outcome).code : 'a file';
  }

  it('tells whether it can be read now, and whether it is gone', async () => {
    await mkdir(join(folder, 'a'));
    expect([await codeOf('a/'), await codeOf('b/')]).toEqual(['FOLDER_READ', 'VANISHED']);
  });

  it('trusts what this run has found more than what can be seen since: its files were not entered', async () => {
    await mkdir(join(folder, 'a'));
    expect(await codeOf('a/', 'a/')).toBe('FOLDER_UNREADABLE');
  });
});
