import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type WorkLedger, openLedger } from '@orthanc-tools/work-ledger';
import { noTotals } from './run-totals.ts';
import { exitCodeFor, reportOn, summarize } from './summarize.ts';

let folder: string;
let ledger: WorkLedger;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'summarize-'));
  ledger = openLedger(join(folder, 'l.sqlite'), { identity: {} });
});

afterEach(() => {
  ledger[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

const note = JSON.stringify({ date: '20240131', images: 2, missing: 0 });

it('counts for each day what is proved apart from what is only there, and from what is not there yet', () => {
  const ends = {
    '1.1': { outcome: 'migrated', proof: 'id+md5' },
    '1.2': { outcome: 'already-there', proof: 'existence' },
    '1.3': { outcome: 'accepted', proof: 'none' },
  };
  ledger.enqueue([...Object.keys(ends), '1.4'].map((key) => ({ key })));
  for (const claim of ledger.claimNext(Date.now(), 4)) {
    const end = ends[claim.key as keyof typeof ends] as (typeof ends)['1.1'] | undefined;
    if (end === undefined) ledger.setAside(claim, { code: 'C', message: 'm', note });
    else ledger.settle(claim, { ...end, parts: 2, bytes: 2, note });
  }
  expect(reportOn(ledger).report.byDay).toEqual([{ date: '20240131', proved: 1, unproved: 2, open: 1 }]);
});

it('names what was gone before it was migrated, and does not end as if all were done in the run that found it gone', () => {
  ledger.enqueue([{ key: '1.1' }, { key: '1.2' }]);
  const [one, other] = ledger.claimNext(Date.now(), 2);
  if (one) ledger.settle(one, { outcome: 'migrated', proof: 'uid', parts: 2, bytes: 0, note });
  expect(exitCodeFor(reportOn(ledger), noTotals(), false)).toBe(0);
  if (other) ledger.settle(other, { outcome: 'vanished', proof: '', parts: 0, bytes: 0, note });
  const reported = reportOn(ledger);
  const { report, standing } = reported;
  expect([...report.vanished]).toEqual([{ study: '1.2', date: '20240131' }]);
  expect(standing).toMatchObject({ proved: 1, vanished: 1 });
  const totals = { ...noTotals(), vanishedStudies: 1 };
  expect(exitCodeFor(reported, totals, false)).toBe(3);
  expect(exitCodeFor(reported, totals, true)).toBe(130);
  expect(exitCodeFor(reported, noTotals(), false)).toBe(0);
});

it('lists every study that was set aside with everything that it lacks, however many they are', () => {
  const studies = Array.from({ length: 10_050 }, (_, at) => `1.${String(at)}`);
  ledger.enqueue(studies.map((key) => ({ key })));
  for (const claim of ledger.claimNext(Date.now(), studies.length)) {
    const lacking = JSON.stringify({ part: `${claim.key}.9`, code: 'GONE', message: 'm' });
    ledger.setAside(claim, {
      ...{ code: 'C', message: 'm', note },
      partNotes: [{ part: `${claim.key}.9`, note: lacking }],
    });
  }
  const listed = [...reportOn(ledger).report.setAside];
  expect(listed.map(({ key }) => key).toSorted()).toEqual(studies.toSorted());
  expect(listed.every(({ key, missingImages }) => missingImages[0]?.part === `${key}.9`)).toBe(true);
});

it('counts the searches that were set aside apart from the studies', () => {
  const searches = ['span:20240101-20240131', 'accession:1', 'span:undated'];
  ledger.enqueue(['1.1', ...searches].map((key) => ({ key })));
  for (const claim of ledger.claimNext(Date.now(), 4)) {
    if (claim.key !== 'span:undated') ledger.setAside(claim, { code: 'C', message: 'm' });
    else ledger.settle(claim, { outcome: 'searched', proof: '', parts: 0, bytes: 0 });
  }
  const { standing } = reportOn(ledger);
  expect(summarize(noTotals(), standing)).toMatchObject({ setAsideStudies: 1, setAsideSearches: 2 });
});
