import { type ExitCode, exitCodes } from '@orthanc-tools/failures';
import type { WorkTally } from '@orthanc-tools/work-ledger';
import type { RunTotals } from './run-totals.ts';

/** The line at the end: this run, and what the ledger holds of all runs. */
export function summarize(totals: RunTotals, tally: WorkTally): Record<string, number> {
  return {
    ...totals,
    setAsideFiles: tally.setAside,
    waitingFiles: tally.waiting + tally.inHand,
    filesInLedger: tally.done + tally.setAside + tally.waiting + tally.inHand,
    provedInstancesInLedger: tally.parts,
  };
}

export function exitCodeFor(tally: WorkTally, isInterrupted: boolean): ExitCode {
  if (isInterrupted) return exitCodes.interrupted;
  return tally.setAside > 0 ? exitCodes.setAside : exitCodes.done;
}
