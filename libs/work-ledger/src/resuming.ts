import type { DatabaseSync } from 'node:sqlite';

// It is handed out alone from the third crash on. One more says little: somebody who kills a process again and again hits
// the beginning of an item at times. Three in a row, each with nothing else in hand, do.
const setSuspectAside = `UPDATE item SET state = 3, code = 'SUSPECTED_POISON',
  message = 'The process died three times in a row with nothing but this item in hand.', at = ?
  WHERE state = 1 AND crashes >= 5 AND NOT progressed`;

// A crash is no attempt: nobody judged the item. It is counted by itself, and only when the item had not moved.
const waitAgain = `UPDATE item SET state = 0, attempts = max(attempts - 1, 0),
  crashes = CASE WHEN progressed THEN 0 ELSE crashes + 1 END WHERE state = 1`;

/** Puts back what was in hand when the process before died; tells how many items that were. */
export function resume(database: DatabaseSync, now: number): number {
  database.exec('BEGIN IMMEDIATE');
  const poison = database.prepare(setSuspectAside).run(now).changes;
  const waiting = database.prepare(waitAgain).run().changes;
  database.exec('COMMIT');
  return Number(poison) + Number(waiting);
}
