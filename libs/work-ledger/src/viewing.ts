import type { DatabaseSync } from 'node:sqlite';
import { numberIn, textIn } from './sqlite.ts';
import type { ItemRow, LedgerView, PartException, Reason, SetAsideRow } from './work-ledger.ts';
import { tallying } from './tallying.ts';

const mostPartsShown = 20;

const rowsAfter = `SELECT id, key, code, message, attempts, at, exceptions FROM item INDEXED BY item_set_aside
  WHERE state = 3 AND id > coalesce((SELECT id FROM item WHERE key = ?), 0) ORDER BY id LIMIT ?`;

const byReason = `SELECT code, count(*) AS items, 0 AS parts FROM item INDEXED BY item_set_aside
    WHERE state = 3 AND exceptions = 0 GROUP BY code
  UNION ALL SELECT e.code, count(DISTINCT e.item), count(*) FROM item i INDEXED BY item_set_aside
    JOIN part_exception e ON e.item = i.id WHERE i.state = 3 GROUP BY e.code`;

const states = ['waiting', 'in hand', 'done', 'set aside'] as const;

export function identityIn(database: DatabaseSync): Record<string, string> {
  const rows = database.prepare('SELECT name, value FROM identity').all();
  return Object.fromEntries(rows.map((row) => [textIn(row, 'name'), textIn(row, 'value')]));
}

/** What can be read through any connection, a writer's or a reader's. */
export function viewing(
  database: DatabaseSync,
): Pick<
  LedgerView,
  | 'cursor'
  | 'tally'
  | 'setAsideRows'
  | 'exceptions'
  | 'reasons'
  | 'waiting'
  | 'stateOf'
  | 'askedAt'
  | 'rows'
  | 'partNotes'
> {
  const readCursor = database.prepare('SELECT value FROM cursor WHERE name = ?');
  const page = database.prepare(rowsAfter);
  const waitingAfter = database.prepare(
    'SELECT key, mark FROM item WHERE state = 0 AND id > coalesce((SELECT id FROM item WHERE key = ?), 0) ORDER BY id LIMIT ?',
  );
  const stateOne = database.prepare('SELECT state FROM item WHERE key = ?');
  const askedOne = database.prepare('SELECT at FROM item WHERE key = ? AND state < 2');
  const everyRow = database.prepare(
    'SELECT key, state, outcome, proof, bytes, code, message, mark, note, at FROM item WHERE key > ? ORDER BY key LIMIT ?',
  );
  const notesOf = database.prepare(
    'SELECT part, note FROM part_note WHERE item = (SELECT id FROM item WHERE key = ?) AND part > ? ORDER BY part LIMIT ?',
  );
  const partsOf = database.prepare(
    'SELECT part, code, message FROM part_exception WHERE item = ? ORDER BY part LIMIT ?',
  );

  const exceptionsOf = database.prepare(
    'SELECT part, code, message FROM part_exception WHERE item = (SELECT id FROM item WHERE key = ?) AND part > ? ORDER BY part LIMIT ?',
  );
  const reasonRows = database.prepare(byReason);

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
    at: numberIn(row, 'at'),
  });
  return {
    cursor(name) {
      const value = readCursor.get(name)?.['value'];
      return typeof value === 'string' ? value : undefined;
    },
    tally: tallying(database),
    setAsideRows: ({ limit, after }) => page.all(after ?? '', limit).map(toRow),
    exceptions: (key, { limit, after }) => exceptionsOf.all(key, after ?? '', limit).map(toPart),
    reasons: () => together(reasonRows.all()),
    waiting: ({ limit, after }) =>
      waitingAfter
        .all(after ?? '', limit)
        .map((row) => ({ key: textIn(row, 'key'), mark: textIn(row, 'mark') })),
    stateOf: (key) => {
      const row = stateOne.get(key);
      return row === undefined ? undefined : states[numberIn(row, 'state')];
    },
    askedAt: (key) => {
      const row = askedOne.get(key);
      return row === undefined ? undefined : numberIn(row, 'at');
    },
    rows: ({ limit, after }) => everyRow.all(after ?? '', limit).map(toItem),
    partNotes: (key, { limit, after }) =>
      notesOf
        .all(key, after ?? '', limit)
        .map((row) => ({ part: textIn(row, 'part'), note: textIn(row, 'note') })),
  };
}

function together(rows: readonly Record<string, unknown>[]): Reason[] {
  const byCode = Map.groupBy(rows, (row) => textIn(row, 'code'));
  return Array.from(byCode, ([code, some]) => ({
    code,
    items: some.reduce((sum, row) => sum + numberIn(row, 'items'), 0),
    parts: some.reduce((sum, row) => sum + numberIn(row, 'parts'), 0),
  })).toSorted((one, other) => (one.code < other.code ? -1 : 1));
}
