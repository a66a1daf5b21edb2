import { type LedgerView, eachRow } from '@orthanc-tools/work-ledger';
import type { OpenPart } from './sign-off-page.ts';

const pageSize = 500;
type Read = Pick<LedgerView, 'setAsideRows' | 'exceptions'>;

/** Every image that was set aside by name, and every item that was as a whole; memory holds a page. */
export function* eachOpenPart(ledger: Read): Generator<OpenPart> {
  for (const { key, code, message, exceptionParts } of eachSetAside(ledger)) {
    if (exceptionParts === 0) yield { item: key, part: '', code, why: message };
    else
      for (const part of eachException(key, ledger))
        yield { item: key, part: part.part, code: part.code, why: part.message };
  }
}

const eachSetAside = (ledger: Read) =>
  eachRow(
    (page) => ledger.setAsideRows(page),
    ({ key }) => key,
    { pageSize },
  );

const eachException = (item: string, ledger: Read) =>
  eachRow(
    (page) => ledger.exceptions(item, page),
    ({ part }) => part,
    { pageSize },
  );
