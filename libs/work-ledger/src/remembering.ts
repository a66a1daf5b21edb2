import type { DatabaseSync } from 'node:sqlite';
import type { Transactions } from './group-commit.ts';
import { textIn } from './sqlite.ts';
import type { LedgerView, PartNote, WorkLedger } from './work-ledger.ts';

const item = '(SELECT id FROM item WHERE key = ?)';

export function recalling(database: DatabaseSync): LedgerView['remembered'] {
  const page = database.prepare(
    `SELECT part, note FROM memory WHERE item = ${item} AND part > ? ORDER BY part LIMIT ?`,
  );
  return (key, { limit, after }) =>
    page
      .all(key, after ?? '', limit)
      .map((row) => ({ part: textIn(row, 'part'), note: textIn(row, 'note') }));
}

export function remembering(
  database: DatabaseSync,
  transactions: Transactions,
): Pick<WorkLedger, 'remember' | 'forget'> {
  const write = database.prepare(`INSERT OR REPLACE INTO memory (item, part, note) VALUES (${item}, ?, ?)`);
  const forgetOne = database.prepare(`DELETE FROM memory WHERE item = ${item} AND part = ?`);
  return {
    remember(key: string, notes: Iterable<PartNote>) {
      transactions.join(() => {
        for (const { part, note } of notes) write.run(key, part, note);
      });
    },
    forget(key: string, parts: Iterable<string>) {
      transactions.join(() => {
        for (const part of parts) forgetOne.run(key, part);
      });
    },
  };
}
