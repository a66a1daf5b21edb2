import type { DatabaseSync } from 'node:sqlite';
import { numberIn, textIn } from './sqlite.ts';
import type { LedgerView, PartException, SetAsideRow } from './work-ledger.ts';
import { tallying } from './tallying.ts';

const mostPartsShown = 20;

const rowsAfter = `SELECT id, key, code, message, attempts, at, exceptions FROM item INDEXED BY item_set_aside
  WHERE state = 3 AND id > coalesce((SELECT id FROM item WHERE key = ?), 0) ORDER BY id LIMIT ?`;

export function identityIn(database: DatabaseSync): Record<string, string> {
  const rows = database.prepare('SELECT name, value FROM identity').all();
  return Object.fromEntries(rows.map((row) => [textIn(row, 'name'), textIn(row, 'value')]));
}

/** What can be read through any connection, a writer's or a reader's. */
export function viewing(database: DatabaseSync): Pick<LedgerView, 'cursor' | 'tally' | 'setAsideRows'> {
  const readCursor = database.prepare('SELECT value FROM cursor WHERE name = ?');
  const page = database.prepare(rowsAfter);
  const partsOf = database.prepare(
    'SELECT part, code, message FROM part_exception WHERE item = ? ORDER BY part LIMIT ?',
  );

  const toPart = (row: Record<string, unknown>): PartException => ({
    part: textIn(row, 'part'),
    code: textIn(row, 'code'),
    message: textIn(row, 'message'),
  });
  const toRow = (row: Record<string, unknown>): SetAsideRow => ({
    key: textIn(row, 'key'),
    code: textIn(row, 'code'),
    message: textIn(row, 'message'),
    attempts: numberIn(row, 'attempts'),
    at: numberIn(row, 'at'),
    parts:
      numberIn(row, 'exceptions') > 0 ? partsOf.all(numberIn(row, 'id'), mostPartsShown).map(toPart) : [],
    exceptionParts: numberIn(row, 'exceptions'),
  });
  return {
    cursor(name) {
      const value = readCursor.get(name)?.['value'];
      return typeof value === 'string' ? value : undefined;
    },
    tally: tallying(database),
    setAsideRows: ({ limit, after }) => page.all(after ?? '', limit).map(toRow),
  };
}
