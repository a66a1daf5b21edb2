import type { DatabaseSync } from 'node:sqlite';
import type { Transactions } from './group-commit.ts';
import { numberIn } from './sqlite.ts';
import type { RequeueSelector } from './work-ledger.ts';

const setAside = 'SELECT id FROM item WHERE state = 3';
const waitAgain = `UPDATE item SET state = 0, ready_at = 0, attempts = 0, crashes = 0, generation = max(generation, 0) + 1,
  parts = 0, bytes = 0, exceptions = 0, outcome = '', proof = '', code = '', message = '', at = ? WHERE id = ?`;

/** Items set aside wait again, as if they were new. */
export function requeueing(database: DatabaseSync, transactions: Transactions, now: () => number) {
  const every = database.prepare(setAside);
  const withKey = database.prepare(`${setAside} AND key = ?`);
  const withCode = database.prepare(
    `${setAside} AND (code = ?1 OR exceptions > 0 AND id IN (SELECT item FROM part_exception WHERE code = ?1))`,
  );
  const wait = database.prepare(waitAgain);
  const forgetParts = database.prepare('DELETE FROM part_exception WHERE item = ?');

  function requeue(rows: readonly Record<string, unknown>[]): number {
    for (const row of rows) {
      wait.run(now(), numberIn(row, 'id'));
      forgetParts.run(numberIn(row, 'id'));
    }
    return rows.length;
  }
  return ({ all, keys = [], codes = [] }: RequeueSelector): number =>
    transactions.alone(() => {
      let count = all ? requeue(every.all()) : 0;
      for (const key of keys) count += requeue(withKey.all(key));
      for (const code of codes) count += requeue(withCode.all(code));
      return count;
    });
}
