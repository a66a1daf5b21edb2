import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openDisk } from './disk.ts';
import { countFolder } from './dry-run.ts';
import { folderPresence } from './folder-presence.ts';
import { holdingRoom } from './holding-room.ts';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'dry-run-'));
});
afterEach(() => {
  rmSync(place, { recursive: true });
});

it('counts all bytes of a large compressed image, whose size shows only at its end', async () => {
  const image = Buffer.alloc(5_000_000);
  image.write('DICM', 128, 'latin1');
  writeFileSync(join(place, 'image.gz'), gzipSync(image));
  const folder = Buffer.from(place);
  const settings = {
    folder,
    presence: folderPresence(folder),
    skipExtensions: [],
    disk: openDisk(),
    unreadFolders: new Set<string>(),
    limits: { entries: 10, bytes: 1e9, ratio: 1e6, nesting: 1 },
    room: holdingRoom(0),
  };
  const nothing = () => undefined;
  const progress = { update: nothing, note: nothing, stop: nothing };
  expect(await countFolder(settings, { signal: AbortSignal.any([]), progress })).toMatchObject({
    archives: 1,
    instances: 1,
    bytes: 5_000_000,
  });
});
