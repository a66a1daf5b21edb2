import type { LedgerView } from '@orthanc-tools/work-ledger';
import type { OpenPart } from './sign-off-page.ts';

const pageSize = 500;
type Read = Pick<LedgerView, 'setAsideRows' | 'exceptions'>;

/** Every image that was set aside by name, and every item that was as a whole; memory holds a page. */
export function* eachOpenPart(ledger: Read): Generator<OpenPart> {
  for (const { key, code, message, exceptionParts } of eachRow(ledger)) {
    if (exceptionParts === 0) yield { item: key, part: '', code, why: message };
    else
      for (const part of eachException(key, ledger))
        yield { item: key, part: part.part, code: part.code, why: part.message };
  }
}

function* eachRow(ledger: Read) {
  let after: string | undefined;
  for (;;) {
    const rows = ledger.setAsideRows({ limit: pageSize, ...(after !== undefined && { after }) });
    yield* rows;
    after = rows.at(-1)?.key;
    if (rows.length < pageSize) return;
  }
}

function* eachException(key: string, ledger: Read) {
  let after: string | undefined;
  for (;;) {
    const parts = ledger.exceptions(key, { limit: pageSize, ...(after !== undefined && { after }) });
    yield* parts;
    after = parts.at(-1)?.part;
    if (parts.length < pageSize) return;
  }
}
