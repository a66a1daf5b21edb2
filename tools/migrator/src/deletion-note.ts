/**
 * What was proved of a study when Orthanc was told to delete it. Whoever is killed before the answer is durable finds no
 * study any more: only by this it is known to be migrated, and not to have vanished.
 */
import type { Settlement, WorkLedger } from '@orthanc-tools/work-ledger';

type Proved = Pick<Settlement, 'proof' | 'parts' | 'bytes' | 'note'>;

/** It sorts, as the job in hand does, before what is noted of single instances. */
const provedPart = '!proved';
const notesBefore = 2;

/** Durable before anything is deleted. All that Orthanc holds of the study must be proved. */
export function noteDeletion(key: string, proved: Proved, ledger: WorkLedger): void {
  ledger.remember(key, [{ part: provedPart, note: JSON.stringify(proved) }]);
  ledger.flush();
}

/** Undefined where no deletion of the whole study was begun. */
export function deletionNoted(key: string, ledger: Pick<WorkLedger, 'remembered'>): Proved | undefined {
  const noted = ledger.remembered(key, { limit: notesBefore }).find(({ part }) => part === provedPart);
  return noted && (JSON.parse(noted.note) as Proved);
}

export const forgetDeletion = (key: string, ledger: Pick<WorkLedger, 'forget'>): void =>
  ledger.forget(key, [provedPart]);
