import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '@orthanc-tools/scheduling';
import { type WorkLedger, openLedger } from '@orthanc-tools/work-ledger';
import { pdfsFound } from './pdfs-found.ts';

let place: string;
let time: number;
let ledger: WorkLedger;
const open = () => openLedger(join(place, 'ledger.sqlite'), { now: () => time });
const clock = { now: () => new Date(time) } as Clock;

beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'found-'));
  time = 1000;
  ledger = open();
});
afterEach(() => {
  ledger[Symbol.dispose]();
  rmSync(place, { recursive: true });
});

const pdf = { key: 'a/report.pdf', mark: '3 7' };
const clearing = () => ({ counts: { clearedFiles: 0, leftFiles: 0 } });
const foundAt = (at: number) => {
  time = at;
  ledger.enqueueChanged([pdf]);
};
const made = (ctimeMs: number) => ({ ctimeMs });

describe('since when a PDF lies in its folder', () => {
  it('shows by the round in which it was found, as long as it was made before', () => {
    const found = pdfsFound(ledger, clock, clearing());
    foundAt(1500);
    expect(found.since(pdf, made(20))).toBe(1000);
  });

  it('shows by when it was made where that was in this round, and by when it was found at the latest', () => {
    const found = pdfsFound(ledger, clock, clearing());
    foundAt(1500);
    expect(found.since(pdf, made(1200))).toBe(1200);
    found.forget(pdf.key);
    expect(found.since(pdf, made(9000))).toBe(1500);
  });

  it('is when it was found, where it cannot be taken away', () => {
    foundAt(1500);
    expect(pdfsFound(ledger, clock, undefined).since(pdf, undefined)).toBe(1500);
  });

  it('is not before the end of a round that took something away', () => {
    const clearAway = clearing();
    const found = pdfsFound(ledger, clock, clearAway);
    time = 2000;
    found.endRound();
    clearAway.counts.clearedFiles = 1;
    time = 3000;
    found.endRound();
    foundAt(5000);
    expect(found.since(pdf, made(20))).toBe(3000);
  });

  it('goes on from a run that was interrupted', () => {
    pdfsFound(ledger, clock, clearing());
    ledger[Symbol.dispose]();
    time = 4000;
    ledger = open();
    const found = pdfsFound(ledger, clock, clearing());
    foundAt(5000);
    expect(found.since(pdf, made(20))).toBe(1000);
  });

  it('is remembered as long as the file is the same, and there', () => {
    foundAt(1500);
    pdfsFound(ledger, clock, undefined).since(pdf, undefined);
    foundAt(2500);
    const found = pdfsFound(ledger, clock, undefined);
    expect(found.since(pdf, undefined)).toBe(1500);
    expect(found.sinceBefore({ ...pdf, at: 2000 })).toBe(1500);
    const changed = { ...pdf, mark: '4 8' };
    found.keep([{ ...changed, at: 3000 }]);
    expect(found.sinceBefore({ ...changed, at: 3200 })).toBe(3000);
    expect(found.since(changed, undefined)).toBe(3000);
    found.forget(pdf.key);
    expect(found.sinceBefore({ ...changed, at: 3500 })).toBe(3500);
  });
});
