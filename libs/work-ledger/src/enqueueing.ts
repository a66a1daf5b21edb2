import type { DatabaseSync } from 'node:sqlite';
import type { Transactions } from './group-commit.ts';
import { numberIn } from './sqlite.ts';
import type { CursorAfter, NewItem, WorkLedger } from './work-ledger.ts';

const insert =
  'INSERT INTO item (key, priority, ready_at, at, mark, attempts, crashes) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO';

// An item in hand only learns that it was asked for again; whoever answers for it puts it back to waiting.
// Below 1: it waits for its first claim, nobody has seen it as it was before.
const askAgain = `UPDATE SET generation = CASE WHEN generation < 1 AND state = 0 AND attempts = 0 AND crashes = 0
    THEN -1 ELSE max(generation, 0) + 1 END, priority = excluded.priority,
  mark = excluded.mark, note = '',
  state = CASE state WHEN 1 THEN 1 ELSE 0 END,
  ready_at = excluded.ready_at,
  at = CASE state WHEN 1 THEN at ELSE excluded.at END,
  attempts = CASE state WHEN 1 THEN attempts ELSE excluded.attempts END,
  crashes = CASE state WHEN 1 THEN crashes ELSE excluded.crashes END,
  parts = 0, bytes = 0, exceptions = 0, outcome = '', proof = '', code = '', message = ''`;

type Enqueueing = Pick<
  WorkLedger,
  'enqueue' | 'enqueueNew' | 'enqueueChanged' | 'hasten' | 'retime' | 'setCursor'
>;

export function enqueueing(
  database: DatabaseSync,
  transactions: Transactions,
  now: () => number,
): Enqueueing {
  const ask = database.prepare(`${insert} ${askAgain} WHERE state <> 0 RETURNING id, generation`);
  const askIfChanged = database.prepare(
    `${insert} ${askAgain} WHERE mark <> excluded.mark RETURNING id, generation`,
  );
  const addNew = database.prepare(`${insert} NOTHING`);
  const bringForward = database.prepare(
    `UPDATE item SET priority = max(priority, :priority),
      ready_at = CASE state WHEN 0 THEN min(ready_at, :readyAt) ELSE ready_at END
      WHERE key = :key AND state < 2 AND (priority < :priority OR ready_at > :readyAt)`,
  );
  const move = database.prepare(
    "UPDATE item SET ready_at = ? WHERE key = ? AND state = 0 AND attempts = 0 AND code = ''",
  );
  const forgetParts = ['part_exception', 'part_note'].map((table) =>
    database.prepare(`DELETE FROM ${table} WHERE item = ?`),
  );
  const writeCursor = database.prepare('INSERT OR REPLACE INTO cursor (name, value) VALUES (?, ?)');

  const valuesOf = (item: NewItem): [string, number, number, number, string, number, number] => [
    item.key,
    item.priority ?? 0,
    Math.max(0, Math.round(item.readyAt ?? 0)),
    now(),
    item.mark ?? '',
    item.tried?.attempts ?? 0,
    item.tried?.crashes ?? 0,
  ];
  function askFor(item: NewItem, how: typeof ask): 'added' | 'reopened' | undefined {
    const row = how.get(...valuesOf(item));
    if (!row) return undefined;
    if (numberIn(row, 'generation') === 0) return 'added';
    for (const forget of forgetParts) forget.run(numberIn(row, 'id'));
    return 'reopened';
  }
  function moveCursor(cursorAfter: CursorAfter | undefined): void {
    if (cursorAfter) writeCursor.run(cursorAfter.name, cursorAfter.value);
  }
  const asking =
    (how: typeof ask): WorkLedger['enqueue'] =>
    (items, cursorAfter) =>
      transactions.alone(() => {
        const counts = { added: 0, reopened: 0 };
        for (const item of items) {
          const what = askFor(item, how);
          if (what) counts[what] += 1;
        }
        moveCursor(cursorAfter);
        return counts;
      });
  return {
    enqueue: asking(ask),
    enqueueChanged: asking(askIfChanged),
    enqueueNew: (items, cursorAfter) =>
      transactions.alone(() => {
        let added = 0;
        for (const item of items) added += Number(addNew.run(...valuesOf(item)).changes);
        moveCursor(cursorAfter);
        return { added };
      }),
    hasten: (items) => {
      transactions.alone(() => {
        for (const { key, priority, readyAt } of items)
          bringForward.run({
            key,
            priority: priority ?? Number.MIN_SAFE_INTEGER,
            readyAt: readyAt ?? Number.MAX_SAFE_INTEGER,
          });
      });
    },
    retime: (items) =>
      transactions.alone(() => {
        let moved = 0;
        for (const { key, readyAt } of items)
          moved += Number(move.run(Math.max(0, Math.round(readyAt)), key).changes);
        return moved;
      }),
    setCursor: (name, value) => {
      transactions.alone(() => {
        moveCursor({ name, value });
      });
    },
  };
}
