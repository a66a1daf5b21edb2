import type { LedgerView } from '@orthanc-tools/work-ledger';

/** Cursor in the ledger: how far the change log was read. */
export const changeLog = 'changes';

export const changeLogPosition = (ledger: Pick<LedgerView, 'cursor'>): number | undefined => {
  const position = ledger.cursor(changeLog);
  return position === undefined ? undefined : Number(position);
};
