import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type Claim, openLedger } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { tarOf } from '../test/zip-fixture.ts';
import { type Disk, openDisk } from './disk.ts';
import { folderPresence } from './folder-presence.ts';
import { holdingRoom } from './holding-room.ts';
import { identifyFiles } from './identify-files.ts';
import type { ImportContext } from './import-files.ts';

const place = mkdtempSync(join(tmpdir(), 'importer-'));
afterAll(() => rmSync(place, { recursive: true }));
const folder = Buffer.from(place);

const usual = openDisk();

const context = {
  folder,
  clearAway: undefined,
  skipExtensions: [],
  disk: usual,
  presence: folderPresence(folder),
  unreadFolders: new Set(),
  limits: { entries: 10, bytes: 1e8, ratio: 100, nesting: 1 },
  room: holdingRoom(1e6),
  log: { debug: () => undefined, warn: () => undefined },
} as unknown as ImportContext;

/** Fails behind the first megabyte of a file. */
const failing: Disk = {
  ...usual,
  read(fd, into, position) {
    if (position > 1_000_000) throw Object.assign(new Error(), { code: 'EIO', syscall: 'read' });
    return usual.read(fd, into, position);
  },
};

async function putArchive(name: string): Promise<void> {
  const members = { a: Buffer.from('no image'), b: randomBytes(1_500_000) };
  writeFileSync(join(place, name), await tarOf(members));
}

/** As of a process that dies while it reads an archive: nothing is answered. */
async function dieReading(ledgerPath: string): Promise<void> {
  using ledger = openLedger(ledgerPath);
  const [claim] = ledger.claimNext(Date.now(), 1);
  if (claim === undefined) throw new Error('nothing is handed out');
  const hand = {
    signal: new AbortController().signal,
    observe({ parts, claim: told }: { parts: number; claim: Claim }) {
      if (parts > 0) ledger.progress(told);
    },
    reschedule: () => undefined,
  } as unknown as Hand;
  await identifyFiles([claim], hand, { ...context, disk: failing });
}

describe('identifyFiles', () => {
  it('lets an archive not be suspected that is read for long by processes that are killed', async () => {
    await putArchive('large.tar.gz');
    const path = join(place, 'ledger.sqlite');
    {
      using ledger = openLedger(path);
      ledger.enqueue([{ key: 'large.tar.gz' }]);
    }
    for (let time = 0; time < 7; time += 1) await dieReading(path);
    using ledger = openLedger(path);
    expect(ledger.stateOf('large.tar.gz')).toBe('waiting');
    expect(ledger.claimNext(Date.now(), 1)).toMatchObject([{ crashes: 0 }]);
  });

  it('counts the attempt where an archive cannot be read to its end for the moment', async () => {
    await putArchive('day.tar.gz');
    const claim: Claim = { key: 'day.tar.gz', attempt: 1, generation: 0, crashes: 0, mark: '', priority: 0 };
    const told: unknown[] = [];
    const hand = {
      signal: new AbortController().signal,
      observe: () => told.push('a member'),
      reschedule: (_claim: Claim, failure: Error, soFar: object) => told.push([failure, soFar]),
    } as unknown as Hand;
    await identifyFiles([claim], hand, { ...context, disk: failing });
    expect(told[0]).toBe('a member');
    expect(told.at(-1)).toEqual([
      expect.objectContaining({ code: 'FILE_NOT_READ' }),
      expect.objectContaining({ hasProgressed: false }),
    ]);
  });
});
