import type { WorkLedger } from '@orthanc-tools/work-ledger';

/** So often in all a destination may lose a unit that was proved there; then it is not sent there again by itself. */
export const mostLosses = 3;

/** No way: see `memoryOfWay`. */
const [beforePart, part] = ['losse', 'losses'];

/** How often it was found that the destination does not have any more what was proved there; in the destination's ledger. */
export function lossesOf(ledger: Pick<WorkLedger, 'remembered'>, key: string): number {
  const [found] = ledger.remembered(key, { limit: 1, after: beforePart });
  return found?.part === part ? Number(found.note) : 0;
}

/** @returns how often it was by now */
export function noteLoss(ledger: Pick<WorkLedger, 'remember' | 'remembered'>, key: string): number {
  const times = lossesOf(ledger, key) + 1;
  ledger.remember(key, [{ part, note: String(times) }]);
  return times;
}

/** Whoever has it tried again begins anew. */
export function forgetLosses(ledger: Pick<WorkLedger, 'forget'>, key: string): void {
  ledger.forget(key, [part]);
}
