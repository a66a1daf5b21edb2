import { type ExitCode, exitCodes } from '@orthanc-tools/failures';
import { type SetAsideRow, type WorkLedger, type WorkTally, eachRow } from '@orthanc-tools/work-ledger';
import type { Gap } from './feed-changes.ts';
import type { RunTotals } from './run-totals.ts';

/** At most this many studies are listed in a report; the ledger holds them all. */
const longestList = 10_000;

/** What the report file holds beside the summary. */
export interface CloneReport {
  readonly ledger: WorkTally;
  readonly setAside: readonly SetAsideRow[];
  /** Where the source's change log did not lead on, and every study was looked at again. */
  readonly gaps: readonly Gap[];
}

export const eachSetAside = (ledger: Pick<WorkLedger, 'setAsideRows'>): Generator<SetAsideRow> =>
  eachRow(
    (page) => ledger.setAsideRows(page),
    ({ key }) => key,
    { pageSize: 500 },
  );

export function reportOn(ledger: WorkLedger, { gaps }: Pick<RunTotals, 'gaps'>): CloneReport {
  return { ledger: ledger.tally(), setAside: firstOf(eachSetAside(ledger), longestList), gaps };
}

function firstOf<Value>(values: Iterable<Value>, most: number): Value[] {
  const first: Value[] = [];
  for (const value of values) {
    if (first.length >= most) break;
    first.push(value);
  }
  return first;
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
    provedStudiesInLedger:
      tally.done - (tally.byOutcome['vanished'] ?? 0) - (tally.byOutcome['accepted'] ?? 0),
    provedInstancesInLedger: tally.parts - (tally.byProof['none']?.parts ?? 0),
  };
}

export function exitCodeFor(tally: WorkTally, isInterrupted: boolean): ExitCode {
  if (isInterrupted) return exitCodes.interrupted;
  return tally.setAside > 0 ? exitCodes.setAside : exitCodes.done;
}
