import { eachRow } from './each-page.ts';
import type { PartNote, WorkLedger } from './work-ledger.ts';

/** All that is remembered of an item, by the order of its parts. */
export const eachRemembered = (
  ledger: Pick<WorkLedger, 'remembered'>,
  key: string,
  pageSize?: number,
): Generator<PartNote> =>
  eachRow(
    (page) => ledger.remembered(key, page),
    ({ part }) => part,
    pageSize === undefined ? {} : { pageSize },
  );
