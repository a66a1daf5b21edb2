import type { DatabaseSync } from 'node:sqlite';
import { numberIn, textIn } from './sqlite.ts';
import type { ItemRow, LedgerView, PartException, SetAsideRow } from './work-ledger.ts';
import { tallying } from './tallying.ts';

const mostPartsShown = 20;

const rowsAfter = `SELECT id, key, code, message, attempts, at, exceptions FROM item INDEXED BY item_set_aside
  WHERE state = 3 AND id > coalesce((SELECT id FROM item WHERE key = ?), 0) ORDER BY id LIMIT ?`;

const states = ['waiting', 'in hand', 'done', 'set aside'] as const;

export function identityIn(database: DatabaseSync): Record<string, string> {
  const rows = database.prepare('SELECT name, value FROM identity').all();
  return Object.fromEntries(rows.map((row) => [textIn(row, 'name'), textIn(row, 'value')]));
}

/** What can be read through any connection, a writer's or a reader's. */
export function viewing(
  database: DatabaseSync,
): Pick<LedgerView, 'cursor' | 'tally' | 'setAsideRows' | 'waiting' | 'rows' | 'partNotes'> {
  const readCursor = database.prepare('SELECT value FROM cursor WHERE name = ?');
  const page = database.prepare(rowsAfter);
  const waitingAfter = database.prepare(
    'SELECT key, mark FROM item WHERE state = 0 AND id > coalesce((SELECT id FROM item WHERE key = ?), 0) ORDER BY id LIMIT ?',
  );
  const everyRow = database.prepare(
    'SELECT key, state, outcome, proof, bytes, code, message, mark, note FROM item WHERE key > ? ORDER BY key LIMIT ?',
  );
  const notesOf = database.prepare(
    'SELECT part, note FROM part_note WHERE item = (SELECT id FROM item WHERE key = ?) AND part > ? ORDER BY part LIMIT ?',
  );
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
  const toItem = (row: Record<string, unknown>): ItemRow => ({
    key: textIn(row, 'key'),
    state: states[numberIn(row, 'state')] ?? 'waiting',
    outcome: textIn(row, 'outcome'),
    proof: textIn(row, 'proof'),
    bytes: numberIn(row, 'bytes'),
    code: textIn(row, 'code'),
    message: textIn(row, 'message'),
    mark: textIn(row, 'mark'),
    note: textIn(row, 'note'),
  });
  return {
    cursor(name) {
      const value = readCursor.get(name)?.['value'];
      return typeof value === 'string' ? value : undefined;
    },
    tally: tallying(database),
    setAsideRows: ({ limit, after }) => page.all(after ?? '', limit).map(toRow),
    waiting: ({ limit, after }) =>
      waitingAfter
        .all(after ?? '', limit)
        .map((row) => ({ key: textIn(row, 'key'), mark: textIn(row, 'mark') })),
    rows: ({ limit, after }) => everyRow.all(after ?? '', limit).map(toItem),
    partNotes: (key, { limit, after }) =>
      notesOf
        .all(key, after ?? '', limit)
        .map((row) => ({ part: textIn(row, 'part'), note: textIn(row, 'note') })),
  };
}
