import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { transientFailure } from '@orthanc-tools/failures';
import { type Orthanc, noOutages } from '@orthanc-tools/orthanc-client';
import { knownCap } from '@orthanc-tools/study-search';
import { openLedger } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { failingQuestions } from './failing-questions.ts';
import { laneOf } from './lane.ts';
import { type SearchContext, searchWork } from './search-work.ts';
import { keyOfSpan } from './work-keys.ts';

const whole = { dates: { from: '20240101', to: '20240131' } };

/** A modality that a question about the whole span leaves hanging. */
function busySource() {
  const silence = transientFailure('DESTINATION_NO_ANSWER', 'It gave no answer.');
  return { modalities: { find: () => Promise.reject(silence) } } as unknown as Orthanc;
}

it('a question over which the source hangs costs no try the first time, and is asked in halves in the end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'search-'));
  try {
    using ledger = openLedger(join(folder, 'l.sqlite'), { identity: {} });
    ledger.enqueue([{ key: keyOfSpan(whole) }]);
    const context = {
      ...{
        ledger,
        order: 'oldest first',
        cap: knownCap(undefined),
        failing: failingQuestions(),
        proveAgain: false,
        wake: () => undefined,
      },
      ...{ orthanc: busySource(), source: { alias: 'pacs', lane: laneOf(1) }, hungOver: new Map() },
      ...{ suspects: { servers: [], outages: noOutages() }, schedule: { isOpen: () => true } },
      ...{ log: { info: () => undefined }, clock: { now: () => new Date() } },
    } as unknown as SearchContext;
    const answers: string[] = [];
    const hand = {
      signal: new AbortController().signal,
      reschedule: (_, { code }) => (answers.push(code), 'later'),
      settle: (_, { outcome }) => answers.push(outcome),
    } as Pick<Hand, 'signal' | 'reschedule' | 'settle'> as Hand;
    const [claim] = ledger.claimNext(Date.now(), 1);
    if (claim === undefined) throw new Error('Nothing to search for.');
    await expect(searchWork(claim, whole, hand, context)).rejects.toMatchObject({ scope: 'run' });
    await searchWork(claim, whole, hand, context);
    await searchWork({ ...claim, attempt: 2 }, whole, hand, context);
    expect(answers).toEqual(['DESTINATION_NO_ANSWER', 'searched']);
    expect(ledger.tally().waiting).toBe(2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
