import type { WorkTally } from '@orthanc-tools/work-ledger';
import { identified } from './await-verdict.ts';

/** What was only looked at for whose it is is done to the ledger, and waits all the same: nothing of it is stored. */
export function importTally(tally: WorkTally): WorkTally {
  const { [identified]: read = 0, ...byOutcome } = tally.byOutcome;
  return { ...tally, done: tally.done - read, waiting: tally.waiting + read, byOutcome };
}
