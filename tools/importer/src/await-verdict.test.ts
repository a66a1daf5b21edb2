import { describe, expect, it } from '@jest/globals';
import type { Claim, Settlement } from '@orthanc-tools/work-ledger';
import { asJudged, awaitVerdict, judgedPriority, wasJudged } from './await-verdict.ts';

const claim: Claim = { key: 'a', attempt: 3, generation: 1, crashes: 2, mark: 'm', priority: 0 };

/** As it is entered once its patients were judged. */
function enteredAfter(waiting: Claim) {
  const settled: Settlement[] = [];
  const hand = { settle: (_claim: Claim, settlement: Settlement) => void settled.push(settlement) };
  awaitVerdict(waiting, { size: 1, testimonies: [] }, hand);
  return settled.map(({ note = '' }) => asJudged({ key: 'a', mark: 'm', note }));
}

const entered = { key: 'a', mark: 'm', priority: judgedPriority };

describe('a file that awaits the verdict on its patients', () => {
  it('is to be stored for the first time where it was only read until now', () => {
    expect(enteredAfter(claim)).toEqual([entered]);
  });

  it('is tried no more often for having been read once more', () => {
    const again = { ...claim, priority: judgedPriority };
    expect(wasJudged(again)).toBe(true);
    expect(enteredAfter(again)).toEqual([{ ...entered, tried: { attempts: 2, crashes: 2 } }]);
  });
});
