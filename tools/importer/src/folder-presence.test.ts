import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { folderPresence } from './folder-presence.ts';

describe('the disks that are remembered', () => {
  let folder = '';
  let here = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'presence-'));
    await mkdir(join(folder, 'share'));
    here = String((await stat(folder)).dev);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** With what an earlier run has remembered. */
  function remembering(before: Readonly<Record<string, string>>) {
    const cursors = new Map(Object.entries(before));
    const ledger = {
      cursor: (name: string) => cursors.get(name),
      setCursor: (name: string, device: string) => void cursors.set(name, device),
    };
    return { cursors, presence: folderPresence(Buffer.from(folder), { ledger }) };
  }

  it('are not replaced by that of the place at which a share in the folder is not mounted', async () => {
    const { cursors, presence } = remembering({ 'device share': 'another' });
    await presence.rememberWithin('share', here);
    expect([cursors.get('device share'), await presence.isAwayAround('share/image')]).toEqual([
      'another',
      true,
    ]);
  });

  it('are not replaced by that of the place at which the folder itself is not mounted', async () => {
    await rm(join(folder, 'share'), { recursive: true });
    const { cursors, presence } = remembering({ device: 'another' });
    await presence.remember();
    expect([cursors.get('device'), await presence.isAway()]).toEqual(['another', true]);
  });

  it('are replaced when there is something in the folder', async () => {
    await writeFile(join(folder, 'share', 'image'), '');
    const { cursors, presence } = remembering({ device: 'another', 'device share': 'another' });
    await presence.remember();
    await presence.rememberWithin('share', here);
    expect(Object.fromEntries(cursors)).toEqual({ device: here, 'device share': here });
    await rm(join(folder, 'share', 'image'));
    expect(await presence.isAwayAround('share/image')).toBe(false);
  });

  it('are not replaced by what was seen before the share was mounted again', async () => {
    await writeFile(join(folder, 'share', 'image'), '');
    const { cursors, presence } = remembering({ 'device share': here });
    await presence.rememberWithin('share', 'a third');
    expect(cursors.get('device share')).toBe(here);
  });

  it('are those of empty folders, too, where none was known', async () => {
    await rm(join(folder, 'share'), { recursive: true });
    const { cursors, presence } = remembering({});
    await presence.remember();
    await presence.rememberWithin('share', here);
    expect(Object.fromEntries(cursors)).toEqual({ device: here, 'device share': here });
  });

  it('tell once of a folder that is away, and again when it was back meanwhile', async () => {
    let told = 0;
    const ledger = { cursor: () => here, setCursor: () => undefined };
    const presence = folderPresence(Buffer.from(folder), { ledger, onAwayWithin: () => (told += 1) });
    await rm(join(folder, 'share'), { recursive: true });
    const look = () => Promise.all(['share/one', 'share/two'].map((key) => presence.isAwayAround(key)));
    expect([await look(), await look(), told]).toEqual([[true, true], [true, true], 1]);
    await mkdir(join(folder, 'share'));
    await presence.rememberWithin('share', here);
    await rm(join(folder, 'share'), { recursive: true });
    expect([await look(), told]).toEqual([[true, true], 2]);
  });
});
