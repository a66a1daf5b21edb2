import { eachRow } from './each-page.ts';
import type { LedgerView, PartException, SetAsideRow } from './work-ledger.ts';

const pageSize = 500;

type Read = Pick<LedgerView, 'setAsideRows' | 'exceptions'>;

/** Every item that is set aside, with every one of its parts; memory holds a page, and the parts of one item. */
export function* eachSetAside(ledger: Read): Generator<SetAsideRow, void, undefined> {
  const rows = eachRow(
    (page) => ledger.setAsideRows(page),
    ({ key }) => key,
    { pageSize },
  );
  for (const row of rows)
    yield row.exceptionParts > row.parts.length
      ? { ...row, parts: [...eachException(ledger, row.key)] }
      : row;
}

/** Every part of an item that was set aside; memory holds a page. */
export const eachException = (
  ledger: Pick<LedgerView, 'exceptions'>,
  key: string,
): Generator<PartException, void, undefined> =>
  eachRow(
    (page) => ledger.exceptions(key, page),
    ({ part }) => part,
    { pageSize },
  );
