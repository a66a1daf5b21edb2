import { type RunContext, type StandingDisplay, showStanding } from '@orthanc-tools/tool-runtime';
import type { WorkLedger } from '@orthanc-tools/work-ledger';

/** Shows how far the import is, until it is stopped. */
export function showProgress(
  context: RunContext,
  ledger: WorkLedger,
  isWalked: () => boolean,
): StandingDisplay {
  return showStanding(context, () => {
    const tally = ledger.tally();
    const waiting = tally.waiting + tally.inHand;
    return {
      doneItems: tally.done + tally.setAside,
      // Until the walk has ended nobody knows how many there are.
      ...(isWalked() ? { totalItems: tally.done + tally.setAside + waiting } : {}),
      doneParts: tally.parts,
      doneBytes: tally.bytes,
      setAside: tally.setAside,
      backlog: { items: waiting, oldestAt: tally.oldestWaitingAt },
    };
  });
}
