import type { LedgerView } from '@orthanc-tools/work-ledger';

/** How many units are not done: those that wait, and those that hands have. */
export function unfinishedIn(ledger: Pick<LedgerView, 'tally'>): number {
  const { waiting, inHand } = ledger.tally();
  return waiting + inHand;
}
