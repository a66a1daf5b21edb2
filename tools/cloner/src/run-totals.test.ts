import { describe, expect, it } from '@jest/globals';
import { transientFailure } from '@orthanc-tools/failures';
import type { StudyOutcome } from './study-outcome.ts';
import { addVisit, noTotals } from './run-totals.ts';

const outcome = (some: Partial<StudyOutcome>): StudyOutcome => ({
  isVanished: false,
  proved: {},
  provedBytes: 0,
  accepted: 0,
  acceptedBytes: 0,
  copied: 0,
  copiedBytes: 0,
  exceptions: [],
  pending: [],
  unfinished: undefined,
  ...some,
});

describe('addVisit', () => {
  it('counts a study once, and what earlier visits of the run brought never as there already', () => {
    const totals = noTotals();
    const unfinished = transientFailure('ORTHANC_BUSY', 'Busy.');
    addVisit(totals, 's', outcome({ proved: { 'id+md5': 5 }, copied: 3, unfinished }));
    addVisit(totals, 's', outcome({ proved: { 'id+md5': 8 }, copied: 3, unfinished }));
    addVisit(totals, 's', outcome({ proved: { 'id+md5': 10 }, copied: 2 }));
    expect(totals).toMatchObject({
      studies: 1,
      copiedInstances: 8,
      provedInstances: 10,
      alreadyThereInstances: 2,
    });
    expect(totals.broughtBefore.size).toBe(0);
  });

  it('forgets what a study brought once it is finished', () => {
    const totals = noTotals();
    addVisit(totals, 's', outcome({ proved: { 'id+md5': 4 }, copied: 4 }));
    addVisit(totals, 's', outcome({ proved: { 'id+md5': 4 } }));
    expect(totals.alreadyThereInstances).toBe(4);
  });
});
