import type { ItemRow, LedgerView } from '@orthanc-tools/work-ledger';

const pageSize = 1000;

/** Every item of a ledger, in the order of keys. */
export function* eachPage(ledger: Pick<LedgerView, 'rows'>): Generator<ItemRow[]> {
  let after: string | undefined;
  for (;;) {
    const rows = ledger.rows({ limit: pageSize, ...(after === undefined ? {} : { after }) });
    yield rows;
    after = rows.at(-1)?.key;
    if (rows.length < pageSize) return;
  }
}
