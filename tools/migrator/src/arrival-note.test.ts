import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type WorkLedger, openLedger } from '@orthanc-tools/work-ledger';
import { countHeld, foreignAmong, noteAnswered } from './arrival-note.ts';

let folder: string;
let ledger: WorkLedger;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arrival-note-'));
  ledger = openLedger(join(folder, 'l.sqlite'), { identity: {} });
  ledger.enqueue([{ key: '1' }]);
});

afterEach(() => {
  ledger[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

describe('of the images that are there before a study is fetched', () => {
  it('all are foreign at the first look', () => {
    expect(foreignAmong(5, '1', ledger)).toBe(5);
  });

  it('those are its own at a later look that came since the first, as after a crash', () => {
    foreignAmong(2, '1', ledger);
    expect(foreignAmong(6, '1', ledger)).toBe(2);
  });

  it('none is foreign any more that is gone', () => {
    foreignAmong(2, '1', ledger);
    expect(foreignAmong(1, '1', ledger)).toBe(1);
  });

  it('those are foreign that others have brought since the study was answered for', () => {
    foreignAmong(2, '1', ledger);
    noteAnswered('1', { foreign: 2, own: 8 }, ledger);
    expect(foreignAmong(10, '1', ledger)).toBe(2);
    noteAnswered('1', { foreign: 2, own: 8 }, ledger);
    expect(foreignAmong(13, '1', ledger)).toBe(5);
  });

  it('nothing is noted of an answer to what nobody has looked at', () => {
    noteAnswered('1', { foreign: 0, own: 10 }, ledger);
    expect(foreignAmong(10, '1', ledger)).toBe(10);
  });
});

describe('what counts as held of a study', () => {
  const series = {
    seriesInstanceUid: 's',
    modality: 'CT',
    images: new Set(['a', 'b']),
    told: 2,
    isWhole: true,
  };
  const held = new Map([
    ['a', 's'],
    ['x', 's'],
  ]);

  it('are the images that the source names', () => {
    expect(countHeld({ studyInstanceUid: '1', series: [series], isWhole: true }, held, 2)).toBe(1);
  });

  it('are all of the study where the source hides names, which may be theirs', () => {
    const study = { studyInstanceUid: '1', series: [{ ...series, told: 3, isWhole: false }], isWhole: true };
    expect(countHeld(study, held, undefined)).toBe(2);
    expect(countHeld({ ...study, series: [series] }, held, 3)).toBe(2);
  });
});
