import { type WorkLedger, eachRemembered } from '@orthanc-tools/work-ledger';
import type { Outcome } from './outcome.ts';

/**
 * Which members of an archive were sent and proved by tries that did not come to its end, also by those of a process that
 * died: found there by the next try, they are what was stored, not what Orthanc held before.
 */
export interface ArchiveMemory {
  /** What became of the member, all tries together. */
  recall(part: string, outcome: Outcome): Outcome;
  /** The archive is answered for. */
  forget(): void;
}

export type RememberingLedger = Pick<WorkLedger, 'remember' | 'remembered' | 'forget'>;

export function archiveMemory(key: string, ledger: RememberingLedger): ArchiveMemory {
  const md5s = new Map<string, string>();
  for (const { part, note } of eachRemembered(ledger, key)) md5s.set(part, note);
  return {
    recall(part, outcome) {
      const { status, md5 } = outcome;
      if (md5 === undefined) return outcome;
      if (status === 'already-there')
        return md5s.get(part) === md5 ? { ...outcome, status: 'stored' } : outcome;
      if (status !== 'stored') return outcome;
      md5s.set(part, md5);
      ledger.remember(key, [{ part, note: md5 }]);
      return outcome;
    },
    forget() {
      ledger.forget(key, md5s.keys());
      md5s.clear();
    },
  };
}
