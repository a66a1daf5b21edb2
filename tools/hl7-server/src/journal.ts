import type { SqliteDatabase } from '@orthanc-tools/work-ledger';

/** How a message ended: `applied`, also where nothing had to be done; `refused` for what it says; `failed` for what could not be done now. */
export type MessageOutcome = 'applied' | 'refused' | 'failed';

export interface JournalEntry {
  readonly receivedAt: number;
  readonly address: string;
  readonly controlId: string;
  readonly type: string;
  /** SHA-256 of the content. */
  readonly digest: Uint8Array;
  readonly content: Uint8Array;
  readonly outcome: MessageOutcome;
  readonly condition: string | undefined;
  readonly detail: string | undefined;
  readonly replies: readonly Uint8Array[];
}

export interface JournalRow {
  readonly id: number;
  /** How it ended before. */
  readonly outcome: MessageOutcome;
  readonly address: string;
  readonly content: Uint8Array;
}

/** Every message and what was answered. Every change belongs to the transaction around it. */
export interface Journal {
  /** The same bytes that came before and were not applied have one entry, the last: who repeats for days fills no disk. */
  add(entry: JournalEntry): void;
  /** What was answered to the same bytes, when that message was applied. */
  repliesTo(digest: Uint8Array): readonly Uint8Array[] | undefined;
  /** Messages that somebody wants applied again. */
  wanted(limit: number): readonly JournalRow[];
  /** A message was applied again: its entry tells the new outcome. */
  replace(id: number, entry: JournalEntry): void;
  /** The same message was applied another time, and has nothing left to do. */
  settle(id: number): void;
  /** Forgets messages received before, and orders without worklists that were last spoken of before. */
  forget(beforeMs: number, limit: number): number;
  counts(): Readonly<Record<MessageOutcome, number>>;
}

const joined = (replies: readonly Uint8Array[]): string =>
  JSON.stringify(replies.map((reply) => Buffer.from(reply).toString('latin1')));
const parted = (text: unknown): Buffer[] =>
  (JSON.parse(String(text)) as string[]).map((reply) => Buffer.from(reply, 'latin1'));

export function journalOver(database: SqliteDatabase): Journal {
  const insert = database.prepare(
    `INSERT INTO messages (received_at, address, control_id, type, digest, content, outcome, condition, detail, replies)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const repeat = database.prepare(
    `UPDATE messages SET received_at = ?, address = ?, outcome = ?, condition = ?, detail = ?, replies = ?
     WHERE digest = ? AND outcome IN ('refused', 'failed')`,
  );
  const find = database.prepare(
    `SELECT replies FROM messages WHERE digest = ? AND outcome = 'applied' ORDER BY id DESC LIMIT 1`,
  );
  const wanted = database.prepare(
    'SELECT id, outcome, address, content FROM messages WHERE replay = 1 ORDER BY id LIMIT ?',
  );
  const change = database.prepare(
    'UPDATE messages SET outcome = ?, condition = ?, detail = ?, replies = ?, replay = 0 WHERE id = ?',
  );
  const settle = database.prepare(
    `UPDATE messages SET outcome = 'applied', condition = NULL, detail = NULL, replay = 0 WHERE id = ?`,
  );
  const forgetMessages = database.prepare(
    'DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE received_at < ? AND replay = 0 LIMIT ?)',
  );
  const old = `SELECT id FROM orders WHERE updated_at < ? AND NOT EXISTS
    (SELECT 1 FROM steps WHERE order_id = orders.id AND state <> 'closed') LIMIT ?`;
  const forgetSteps = database.prepare(`DELETE FROM steps WHERE order_id IN (${old})`);
  const forgetOrders = database.prepare(`DELETE FROM orders WHERE id IN (${old})`);
  const count = database.prepare('SELECT outcome, count(*) AS n FROM messages GROUP BY outcome');
  return {
    add({ receivedAt, address, controlId, type, digest, content, ...entry }) {
      const ending = [entry.outcome, entry.condition ?? null, entry.detail ?? null, joined(entry.replies)];
      const isRepeated =
        entry.outcome !== 'applied' && repeat.run(receivedAt, address, ...ending, digest).changes > 0;
      if (!isRepeated) insert.run(receivedAt, address, controlId, type, digest, content, ...ending);
    },
    repliesTo: (digest) => {
      const row = find.get(digest);
      return row === undefined ? undefined : parted(row['replies']);
    },
    wanted: (limit) =>
      wanted.all(limit).map((row) => ({
        id: Number(row['id']),
        outcome: String(row['outcome']) as MessageOutcome,
        address: String(row['address']),
        content: row['content'] as Uint8Array,
      })),
    replace: (id, { outcome, condition, detail, replies }) =>
      void change.run(outcome, condition ?? null, detail ?? null, joined(replies), id),
    settle: (id) => void settle.run(id),
    forget: (beforeMs, limit) => {
      const messages = Number(forgetMessages.run(beforeMs, limit).changes);
      forgetSteps.run(beforeMs, limit);
      return messages + Number(forgetOrders.run(beforeMs, limit).changes);
    },
    counts: () => {
      const rows = count.all().map((row) => [String(row['outcome']), Number(row['n'])] as const);
      return { applied: 0, refused: 0, failed: 0, ...Object.fromEntries(rows) };
    },
  };
}
