import { type ExitCode, exitCodes } from '@orthanc-tools/failures';
import {
  LedgerList,
  type SetAsideRow,
  type WorkLedger,
  type WorkTally,
  eachSetAside,
} from '@orthanc-tools/work-ledger';
import type { Gap } from './feed-changes.ts';
import type { RunTotals } from './run-totals.ts';

/** What the report file holds beside the summary. */
export interface CloneReport {
  readonly ledger: WorkTally;
  /** Every study that is set aside, with each of its instances that is. */
  readonly setAside: Iterable<SetAsideRow>;
  /** Where the source's change log did not lead on, and every study was looked at again. */
  readonly gaps: readonly Gap[];
}

export function reportOn(ledger: WorkLedger, { gaps }: Pick<RunTotals, 'gaps'>): CloneReport {
  return { ledger: ledger.tally(), setAside: new LedgerList(ledger, eachSetAside), gaps };
}

/** The line at the end: this run, and what the ledger holds of all runs. */
export function summarize(totals: RunTotals, tally: WorkTally): Record<string, number | string> {
  return {
    studies: totals.studies,
    copiedInstances: totals.copiedInstances,
    copiedBytes: totals.copiedBytes,
    alreadyThereInstances: totals.alreadyThereInstances,
    provedInstances: totals.provedInstances,
    acceptedInstances: totals.acceptedInstances,
    vanishedStudies: totals.vanishedStudies,
    broughtBelongings: totals.broughtBelongings,
    provedBelongings: totals.provedBelongings,
    setAsideStudies: tally.setAside,
    setAsideInstances: tally.exceptionParts,
    waitingStudies: tally.waiting + tally.inHand,
    acceptedStudiesInLedger: acceptedIn(tally),
    provedStudiesInLedger: tally.done - (tally.byOutcome['vanished'] ?? 0) - acceptedIn(tally),
    provedInstancesInLedger: tally.parts - (tally.byProof['none']?.parts ?? 0),
  };
}

/** Studies of which nobody can say that the destination has them. */
export const acceptedIn = ({ byOutcome }: Pick<WorkTally, 'byOutcome'>): number => byOutcome['accepted'] ?? 0;

export function exitCodeFor(tally: WorkTally, isInterrupted: boolean): ExitCode {
  if (isInterrupted) return exitCodes.interrupted;
  return tally.setAside > 0 ? exitCodes.setAside : exitCodes.done;
}
