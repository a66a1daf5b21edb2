import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { openLedger } from '@orthanc-tools/work-ledger';
import type { NamedInstance } from './arrival.ts';
import { forgetNotes, noteAbsent, noteSent, sentByUs } from './sending-notes.ts';

const folder = mkdtempSync(join(tmpdir(), 'notes-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const instance = (id: string, more: Partial<NamedInstance> = {}): NamedInstance => ({
  ...{ id, seriesId: 's', size: 10, md5: `md5 of ${id}` },
  identifiers: { patientId: 'p', studyUid: '1', seriesUid: 's', sopInstanceUid: id },
  ...more,
});
const [one, other] = [instance('one'), instance('other')];

let ledgers = 0;
function openNotes() {
  ledgers += 1;
  const ledger = openLedger(join(folder, `${String(ledgers)}.sqlite`), { identity: {} });
  ledger.enqueue([{ key: '1' }]);
  return ledger;
}

describe('an instance that the destination lacked', () => {
  it('was sent by us once a job has begun to send it', () => {
    using ledger = openNotes();
    noteAbsent('1', [one, other], ledger);
    expect(sentByUs('1', [one, other], ledger)).toEqual(new Set());
    noteSent('1', [other], ledger);
    expect(sentByUs('1', [one, other], ledger)).toEqual(new Set(['other']));
  });

  it.each<Partial<NamedInstance>>([{ md5: 'another' }, { md5: undefined }, { size: 11 }])(
    'is another one when it was overwritten since (%j)',
    (change) => {
      using ledger = openNotes();
      noteAbsent('1', [one], ledger);
      noteSent('1', [one], ledger);
      expect(sentByUs('1', [{ ...one, ...change }], ledger)).toEqual(new Set());
    },
  );

  it('is another one of the same length when it was overwritten since, where Orthanc keeps no MD5', () => {
    using ledger = openNotes();
    const unhashed = instance('one', { md5: undefined, fileUuid: 'u' });
    noteAbsent('1', [unhashed], ledger);
    noteSent('1', [unhashed], ledger);
    expect(sentByUs('1', [unhashed], ledger)).toEqual(new Set(['one']));
    expect(sentByUs('1', [{ ...unhashed, fileUuid: 'v' }], ledger)).toEqual(new Set());
  });

  it('is not on record any more once the study is answered for', () => {
    using ledger = openNotes();
    noteAbsent('1', [one], ledger);
    noteSent('1', [one], ledger);
    ledger.remember('1', [{ part: 'zone', note: 'stays' }]);
    forgetNotes('1', ledger);
    expect(sentByUs('1', [one], ledger)).toEqual(new Set());
    expect(ledger.remembered('1', { limit: 9 })).toEqual([{ part: 'zone', note: 'stays' }]);
  });
});
