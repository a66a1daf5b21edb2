import { type ItemRow, type LedgerView, type PartNote, eachPage, eachRow } from '@orthanc-tools/work-ledger';

/** Every item of a ledger, in the order of keys. */
export const pagesOfItems = (ledger: Pick<LedgerView, 'rows'>): Generator<readonly ItemRow[]> =>
  eachPage(
    (page) => ledger.rows(page),
    ({ key }) => key,
  );

/** What is on record of each part of an item, as of the members of an archive. */
export const eachPartNote = (item: string, ledger: Pick<LedgerView, 'partNotes'>): Generator<PartNote> =>
  eachRow(
    (page) => ledger.partNotes(item, page),
    ({ part }) => part,
  );
