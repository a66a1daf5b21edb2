import { exitCodes } from '@orthanc-tools/failures';
import type { RunOutcome } from '@orthanc-tools/tool-runtime';
import { LedgerList, type WorkLedger, eachSetAside } from '@orthanc-tools/work-ledger';
import type { OpenDestination } from './open-destination.ts';

interface ReportRequest {
  readonly inboxLedger: WorkLedger;
  readonly deletionLedger: WorkLedger;
  readonly destinations: readonly OpenDestination[];
  readonly isInterrupted: boolean;
}

const rowsOf = (ledger: WorkLedger) => new LedgerList(ledger, eachSetAside);

/** How it stands, over all runs: at each destination, and here. */
export function reportOn(request: ReportRequest): RunOutcome {
  const { inboxLedger, deletionLedger, destinations, isInterrupted } = request;
  const gate = inboxLedger.tally();
  const deletion = deletionLedger.tally();
  const tallies = destinations.map(({ ledger }) => ledger.tally());
  const sum = (count: (tally: (typeof tallies)[number]) => number) =>
    tallies.reduce((total, tally) => total + count(tally), 0);
  const setAside = gate.setAside + deletion.setAside + sum((tally) => tally.setAside);
  return {
    exitCode: isInterrupted ? exitCodes.interrupted : setAside > 0 ? exitCodes.setAside : exitCodes.done,
    summary: {
      forwardedUnits: sum((tally) => tally.byOutcome['forwarded'] ?? 0),
      forwardedInstances: sum((tally) => tally.parts),
      forwardedBytes: sum((tally) => tally.bytes),
      sentUnprovedUnits: sum((tally) => tally.byOutcome['sent-unproved'] ?? 0),
      waitingUnits: gate.waiting + gate.inHand + sum((tally) => tally.waiting + tally.inHand),
      setAsideUnits: setAside,
      unwantedUnits: gate.byOutcome['unwanted'] ?? 0,
      partlyUnwantedUnits: gate.byOutcome['handed-over-in-part'] ?? 0,
      deletedInstances: deletion.parts,
      waitingDeletions: deletion.waiting + deletion.inHand,
    },
    report: {
      inbox: { ...gate, setAsideRows: rowsOf(inboxLedger) },
      deletion: { ...deletion, setAsideRows: rowsOf(deletionLedger) },
      destinations: destinations.map(({ name, ledger }, index) => ({
        name,
        ledger: tallies[index],
        setAside: rowsOf(ledger),
      })),
    },
  };
}
