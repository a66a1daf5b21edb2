import type { DatabaseSync } from 'node:sqlite';
import { numberIn, textIn } from './sqlite.ts';
import type { WorkTally } from './work-ledger.ts';

type Row = Record<string, unknown>;
type Proofs = Record<string, { items: number; parts: number }>;

const sum = (rows: readonly Row[], column: string): number =>
  rows.reduce((total, row) => total + numberIn(row, column), 0);

function itemsBy(rows: readonly Row[], column: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) {
    const word = textIn(row, column);
    if (word !== '') counts[word] = (counts[word] ?? 0) + numberIn(row, 'items');
  }
  return counts;
}

function byProof(rows: readonly Row[]): Proofs {
  const proofs: Proofs = {};
  for (const row of rows) {
    const proof = textIn(row, 'proof');
    if (proof === '') continue;
    const { items, parts } = proofs[proof] ?? { items: 0, parts: 0 };
    proofs[proof] = { items: items + numberIn(row, 'items'), parts: parts + numberIn(row, 'parts') };
  }
  return proofs;
}

/** When the longest-waiting item came: the first of each priority, and the delayed ones; never all that wait. */
function oldestWaiting(database: DatabaseSync): () => number | undefined {
  const firstBelow = database.prepare(`SELECT priority, at FROM item INDEXED BY item_ready
    WHERE state = 0 AND ready_at = 0 AND priority < ? ORDER BY priority DESC, id LIMIT 1`);
  const delayed = database.prepare(
    'SELECT min(at) AS at FROM item INDEXED BY item_delayed WHERE state = 0 AND ready_at > 0',
  );
  return () => {
    let oldest = Number(delayed.get()?.['at'] ?? Infinity);
    let row = firstBelow.get(Number.MAX_SAFE_INTEGER);
    while (row) {
      oldest = Math.min(oldest, numberIn(row, 'at'));
      row = firstBelow.get(numberIn(row, 'priority'));
    }
    return Number.isFinite(oldest) ? oldest : undefined;
  };
}

export function tallying(database: DatabaseSync): () => WorkTally {
  const totals = database.prepare('SELECT * FROM total WHERE items > 0');
  const oldest = oldestWaiting(database);
  return () => {
    const rows = totals.all();
    const inState = (state: number) => rows.filter((row) => numberIn(row, 'state') === state);
    const setAside = inState(3);
    const ended = [...inState(2), ...setAside];
    const oldestWaitingAt = oldest();
    return {
      waiting: sum(inState(0), 'items'),
      inHand: sum(inState(1), 'items'),
      done: sum(inState(2), 'items'),
      setAside: sum(setAside, 'items'),
      parts: sum(ended, 'parts'),
      bytes: sum(ended, 'bytes'),
      exceptionParts: sum(setAside, 'exceptions'),
      byOutcome: itemsBy(ended, 'outcome'),
      byProof: byProof(ended),
      byCode: itemsBy(setAside, 'code'),
      ...(oldestWaitingAt === undefined ? {} : { oldestWaitingAt }),
    };
  };
}
