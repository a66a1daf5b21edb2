import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Claim } from '@orthanc-tools/work-ledger';
import { openDisk } from './disk.ts';
import { folderPresence } from './folder-presence.ts';
import { type ClaimSettings, inspectClaim } from './inspect-claim.ts';
import { markOf } from './walk-folder.ts';

const place = mkdtempSync(join(tmpdir(), 'importer-'));
afterAll(() => rmSync(place, { recursive: true }));
const folder = Buffer.from(place);

const found: Claim = {
  key: '.image.Xy12',
  attempt: 1,
  generation: 0,
  crashes: 0,
  mark: '10 1700000000000',
  priority: 0,
};

async function outcomeOf(claim: Partial<Claim>, settleMs: number | undefined = 300) {
  const settings: ClaimSettings = {
    folder,
    settleMs,
    clearAway: undefined,
    skipExtensions: [],
    disk: openDisk(),
    presence: folderPresence(folder),
    unreadFolders: new Set(),
  };
  const { inspected } = await inspectClaim({ ...found, ...claim }, settings);
  return 'outcome' in inspected ? inspected.outcome : undefined;
}

describe('a file that is no longer there', () => {
  const [vanished, passing] = [{ status: 'vanished' }, { status: 'vanished', isPassing: true }];

  it.each([
    ['found once', {}],
    ['found again and again, each time another', { generation: -1 }],
  ])('was only passing where it was %s', async (_, claim) => {
    expect(await outcomeOf(claim)).toMatchObject(passing);
  });

  it.each([
    ['looked into before, and changed since', { generation: 1 }],
    ['looked into in vain', { attempt: 2 }],
    ['in hand when a process died', { crashes: 1 }],
    ['a link that led nowhere', { mark: 'unreadable' }],
  ])('has vanished where it was %s', async (_, claim) => {
    const outcome = await outcomeOf(claim);
    expect(outcome).toMatchObject(vanished);
    expect(outcome).not.toMatchObject(passing);
  });
});

describe('a file that is there', () => {
  it('is read only when it is as it was found', async () => {
    const path = join(place, 'junk');
    writeFileSync(path, 'no image');
    const claim = { key: 'junk', mark: markOf(statSync(path)) };
    expect(await outcomeOf(claim)).toMatchObject({ status: 'not-dicom' });
    expect(await outcomeOf({ ...claim, mark: '7 1700000000000' })).toMatchObject({
      failure: { kind: 'transient', code: 'FILE_UNSETTLED', retryAfterMs: 300 },
    });
  });
});
