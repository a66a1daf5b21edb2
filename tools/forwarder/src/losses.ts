import type { Claim, WorkLedger } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';

/** So often in all a destination may lose a unit that was proved there; then it is not sent there again by itself. */
export const mostLosses = 3;

/** No way: see `memoryOfWay`. */
const [beforePart, part] = ['losse', 'losses'];

/** How often it was found that the destination does not have any more what was proved there; in the destination's ledger. */
function lossesOf(ledger: Pick<WorkLedger, 'remembered'>, key: string): number {
  const [found] = ledger.remembered(key, { limit: 1, after: beforePart });
  return found?.part === part ? Number(found.note) : 0;
}

/** @returns how often it was by now */
export function noteLoss(ledger: Pick<WorkLedger, 'remember' | 'remembered'>, key: string): number {
  const times = lossesOf(ledger, key) + 1;
  ledger.remember(key, [{ part, note: String(times) }]);
  return times;
}

const lostAgain = {
  code: 'LOST_AGAIN',
  message: 'The destination has lost several times what was proved to be there: it is not sent there again.',
};

/** It would be sent, proved and kept for ever. Answers for it, where that is so; whoever has it tried again begins anew. */
export function isLostAgain(
  claim: Claim,
  hand: Pick<Hand, 'setAside'>,
  { ledger }: { readonly ledger: Pick<WorkLedger, 'remembered' | 'forget'> },
): boolean {
  if (lossesOf(ledger, claim.key) < mostLosses) return false;
  hand.setAside(claim, lostAgain);
  ledger.forget(claim.key, [part]);
  return true;
}
