import type { SetAsideRow, WorkView } from '@orthanc-tools/tool-runtime';
import { type Store, isLockedForWriting, visitStore } from '@orthanc-tools/work-ledger';
import { journalOver } from './journal.ts';
import { journalShape } from './journal-shape.ts';

const inDoubt = `outcome IN ('refused', 'failed')`;

function rows({ database }: Store, limit: number, after: string | undefined): SetAsideRow[] {
  const found = database
    .prepare(
      `SELECT id, received_at, condition, detail FROM messages WHERE ${inDoubt} AND replay = 0 AND id > ? ORDER BY id LIMIT ?`,
    )
    .all(Number(after ?? 0), limit);
  return found.map((row) => ({
    key: String(row['id']),
    code: String(row['condition']),
    message: String(row['detail']),
    attempts: 1,
    at: Number(row['received_at']),
    parts: [],
  }));
}

const marks = (list: readonly unknown[]): string => list.map(() => '?').join(', ');

/** The journal for `status` and `requeue`; a server that runs takes up what is requeued within a second. */
export function viewJournal(path: string): WorkView {
  const store = visitStore(path, journalShape);
  const { database } = store;
  const number = (sql: string): number => Number(database.prepare(sql).get()?.['n'] ?? 0);
  const mark = (where: string, values: readonly (string | number)[]): number =>
    store.named(() =>
      Number(
        database.prepare(`UPDATE messages SET replay = 1 WHERE ${inDoubt} AND ${where}`).run(...values)
          .changes,
      ),
    );
  return {
    tally: () => {
      const { applied, refused, failed } = journalOver(database).counts();
      const codes = database
        .prepare(`SELECT condition, count(*) AS n FROM messages WHERE ${inDoubt} GROUP BY condition`)
        .all();
      return {
        waiting: number('SELECT count(*) AS n FROM messages WHERE replay = 1'),
        inHand: 0,
        done: applied,
        setAside: refused + failed,
        parts: number(`SELECT count(*) AS n FROM steps WHERE state = 'open'`),
        bytes: number('SELECT sum(length(content)) AS n FROM messages'),
        exceptionParts: 0,
        byOutcome: { applied },
        byProof: {},
        byCode: Object.fromEntries(codes.map((row) => [String(row['condition']), Number(row['n'])])),
      };
    },
    setAsideRows: ({ limit, after }) => rows(store, limit, after),
    requeue({ all, keys = [], codes = [] }) {
      if (all === true) return mark('1 = 1', []);
      return keys.length > 0
        ? mark(`id IN (${marks(keys)})`, keys.map(Number))
        : mark(`condition IN (${marks(codes)})`, codes);
    },
    isHeld: () => isLockedForWriting(path),
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
}
