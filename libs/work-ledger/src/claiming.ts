import type { DatabaseSync } from 'node:sqlite';
import type { Transactions } from './group-commit.ts';
import { numberIn, textIn } from './sqlite.ts';
import type { Claim, WorkLedger } from './work-ledger.ts';

const take = (which: string): string => `UPDATE item SET state = 1, attempts = attempts + 1, progressed = 0
  WHERE id IN (${which}) RETURNING id, key, priority, attempts, generation, crashes, mark`;
const isReady = 'state = 0 AND ready_at = 0';

const nextOnes = take(`SELECT id FROM item INDEXED BY item_ready WHERE ${isReady} AND crashes < 3
  ORDER BY priority DESC, id LIMIT ?`);
const leastUrgent = take(
  `SELECT id FROM item INDEXED BY item_ready WHERE ${isReady} AND crashes < 3 AND priority = ? ORDER BY id LIMIT 1`,
);
/** So many of a higher priority go before the oldest of the least does. */
const inARow = 9;
const oneSuspect = take(
  // The least suspected first: where processes are killed early, not always the same one is in hand.
  `SELECT id FROM item INDEXED BY item_suspect WHERE crashes >= 3 AND ${isReady} ORDER BY crashes, id LIMIT 1`,
);

type Row = Record<string, unknown>;

const toClaim = (row: Row): Claim => ({
  key: textIn(row, 'key'),
  attempt: numberIn(row, 'attempts'),
  generation: numberIn(row, 'generation'),
  crashes: numberIn(row, 'crashes'),
  mark: textIn(row, 'mark'),
  priority: numberIn(row, 'priority'),
});

// RETURNING promises no order.
const inOrder = (a: Row, b: Row): number =>
  numberIn(b, 'priority') - numberIn(a, 'priority') || numberIn(a, 'id') - numberIn(b, 'id');

export function claiming(
  database: DatabaseSync,
  transactions: Transactions,
): Pick<WorkLedger, 'claimNext' | 'nextReadyAt'> {
  const ripen = database.prepare(
    'UPDATE item INDEXED BY item_delayed SET ready_at = 0 WHERE state = 0 AND ready_at > 0 AND ready_at <= ?',
  );
  const claimOrdinary = database.prepare(nextOnes);
  const claimLeastUrgent = database.prepare(leastUrgent);
  const leastPriority = database.prepare(
    `SELECT priority FROM item INDEXED BY item_ready WHERE ${isReady} AND crashes < 3 ORDER BY priority LIMIT 1`,
  );
  const claimSuspect = database.prepare(oneSuspect);
  const inHand = database.prepare(
    'SELECT crashes FROM item INDEXED BY item_in_hand WHERE state = 1 ORDER BY crashes DESC LIMIT 1',
  );
  const anyReady = database.prepare(`SELECT 1 FROM item INDEXED BY item_ready WHERE ${isReady} LIMIT 1`);
  const firstDelayed = database.prepare(
    'SELECT min(ready_at) AS at FROM item INDEXED BY item_delayed WHERE state = 0 AND ready_at > 0',
  );

  function claim(limit: number): Row[] {
    const busiest = inHand.get();
    if (!busiest) {
      const suspects = claimSuspect.all();
      if (suspects.length > 0) return suspects;
    }
    return numberIn(busiest, 'crashes') >= 3 ? [] : claimFairly(limit);
  }
  let passedBy = 0;
  function claimFairly(limit: number): Row[] {
    const least = leastPriority.get();
    if (least === undefined) return [];
    const priority = numberIn(least, 'priority');
    const old = passedBy >= inARow ? claimLeastUrgent.all(priority) : [];
    if (old.length > 0) passedBy = 0;
    const rows = claimOrdinary.all(limit - old.length);
    passedBy += rows.filter((row) => numberIn(row, 'priority') > priority).length;
    return [...old, ...rows];
  }
  return {
    claimNext(now, limit) {
      const rows = transactions.join(() => {
        ripen.run(now);
        return claim(limit);
      });
      transactions.flush();
      return rows.sort(inOrder).map(toClaim);
    },
    nextReadyAt() {
      transactions.flush();
      if (anyReady.get()) return 0;
      const at = firstDelayed.get()?.['at'];
      return typeof at === 'number' ? at : undefined;
    },
  };
}
