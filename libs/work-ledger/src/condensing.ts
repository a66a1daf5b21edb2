import type { DatabaseSync } from 'node:sqlite';
import type { Transactions } from './group-commit.ts';
import { numberIn } from './sqlite.ts';
import { testifying } from './testifying.ts';
import type { WorkLedger } from './work-ledger.ts';

/** What is removed stays in the totals: no trigger counts it down. */
export function condensing(database: DatabaseSync, transactions: Transactions): WorkLedger['condense'] {
  const find = database.prepare('SELECT id FROM item WHERE key = ? AND state = 2 AND at < ?');
  const testify = testifying(database);
  const remove = ['memory', 'part_note'].map((table) =>
    database.prepare(`DELETE FROM ${table} WHERE item = ?`),
  );
  const removeItem = database.prepare('DELETE FROM item WHERE id = ?');
  return (keys, before) => {
    transactions.alone(() => {
      for (const key of keys) {
        const row = find.get(key, before);
        if (row === undefined) continue;
        const id = numberIn(row, 'id');
        testify(id, []);
        for (const statement of remove) statement.run(id);
        removeItem.run(id);
      }
    });
  };
}
