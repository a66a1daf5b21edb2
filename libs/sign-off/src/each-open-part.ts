import { type LedgerView, eachException, eachRow } from '@orthanc-tools/work-ledger';
import type { OpenPart } from './sign-off-page.ts';

const pageSize = 500;
type Read = Pick<LedgerView, 'setAsideRows' | 'exceptions'>;

/** Every image that was set aside by name, and every item that was as a whole; memory holds a page. */
export function* eachOpenPart(ledger: Read): Generator<OpenPart> {
  for (const { key, code, message, exceptionParts } of eachOpenItem(ledger)) {
    if (exceptionParts === 0) yield { item: key, part: '', code, why: message };
    else
      for (const part of eachException(ledger, key))
        yield { item: key, part: part.part, code: part.code, why: part.message };
  }
}

const eachOpenItem = (ledger: Read) =>
  eachRow(
    (page) => ledger.setAsideRows(page),
    ({ key }) => key,
    { pageSize },
  );
