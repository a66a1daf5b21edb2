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

/** Files set aside, or left waiting, weigh more than patients in conflict whose images were stored. */
export function exitCodeFor(tally: WorkTally, conflicts: number): ExitCode {
  if (tally.setAside + tally.waiting > 0) return exitCodes.setAside;
  return conflicts > 0 ? exitCodes.differences : exitCodes.done;
}
