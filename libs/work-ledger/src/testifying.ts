import type { DatabaseSync } from 'node:sqlite';
import type { Transactions } from './group-commit.ts';
import { numberIn, textIn } from './sqlite.ts';
import type { LedgerView, Testimony, WorkLedger } from './work-ledger.ts';

/** What stands against somebody is looked at again anyway, and counts until then. */
const reopenAll = `UPDATE subject SET verdict = NULL WHERE verdict = ''`;

type Testify = (item: number, said: readonly Testimony[], judgesAgain?: boolean) => void;

/**
 * Replaces what an item says. A subject of which nothing new is said, and nothing is taken back, keeps its verdict, unless it
 * is to be judged again.
 */
export function testifying(database: DatabaseSync): Testify {
  const before = database.prepare(
    'SELECT subject, name, value FROM testimony JOIN subject ON subject.id = subject WHERE item = ?',
  );
  const addSubject = database.prepare('INSERT INTO subject (name) VALUES (?) ON CONFLICT DO NOTHING');
  const find = database.prepare('SELECT id FROM subject WHERE name = ?');
  const add = database.prepare('INSERT INTO testimony (subject, value, item) VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM testimony WHERE subject = ? AND value = ? AND item = ?');
  const isSaid = database.prepare('SELECT 1 FROM testimony WHERE subject = ? AND value = ? LIMIT 1');
  const reopen = database.prepare('UPDATE subject SET verdict = NULL WHERE id = ?');
  const reopenFree = database.prepare(`${reopenAll} AND name = ?`);

  const reopenUnlessSaid = (subject: number, value: string): void => {
    if (!isSaid.get(subject, value)) reopen.run(subject);
  };
  function begin(item: number, { subject: name, value }: Testimony): void {
    addSubject.run(name);
    const subject = numberIn(find.get(name), 'id');
    reopenUnlessSaid(subject, value);
    add.run(subject, value, item);
  }
  const keyOf = (subject: string, value: string): string => JSON.stringify([subject, value]);
  return (item, said, judgesAgain = false) => {
    const wanted = new Map(said.map((one) => [keyOf(one.subject, one.value), one]));
    for (const row of before.all(item)) {
      const [subject, value] = [numberIn(row, 'subject'), textIn(row, 'value')];
      if (wanted.delete(keyOf(textIn(row, 'name'), value))) continue;
      remove.run(subject, value, item);
      reopenUnlessSaid(subject, value);
    }
    for (const one of wanted.values()) begin(item, one);
    if (judgesAgain) for (const { subject } of said) reopenFree.run(subject);
  };
}

/** What was said of subjects, through any connection. */
export function hearing(
  database: DatabaseSync,
): Pick<LedgerView, 'openSubjects' | 'valuesOf' | 'verdict' | 'isJudged' | 'verdictCount'> {
  const open = database.prepare(
    `SELECT name, verdict FROM subject INDEXED BY subject_open WHERE (verdict IS NULL OR verdict <> '')
      AND id > coalesce((SELECT id FROM subject WHERE name = ?), 0) ORDER BY id LIMIT ?`,
  );
  const count = database.prepare(
    `SELECT count(*) AS n FROM subject INDEXED BY subject_open WHERE (verdict IS NULL OR verdict <> '')
      AND verdict <> ''`,
  );
  // One value after the other: a subject may have as many rows as there are items.
  const next = database.prepare(
    `SELECT min(value) AS value FROM testimony WHERE subject = (SELECT id FROM subject WHERE name = ?) AND value > ?`,
  );
  const find = database.prepare('SELECT verdict FROM subject WHERE name = ?');
  const findOpen = database.prepare('SELECT 1 FROM subject WHERE name = ? AND verdict IS NULL');
  const findJudged = database.prepare(`SELECT 1 FROM subject JOIN testimony ON subject = subject.id
    WHERE name = ? AND verdict IS NOT NULL AND value = ? LIMIT 1`);
  const verdictIn = (row: Record<string, unknown> | undefined): string | undefined => {
    const verdict = row?.['verdict'];
    return typeof verdict === 'string' ? verdict : undefined;
  };
  return {
    openSubjects: ({ limit, after }) =>
      open.all(after ?? '', limit).map((row) => ({ subject: textIn(row, 'name'), verdict: verdictIn(row) })),
    *valuesOf(subject) {
      for (let after = ''; ;) {
        const value = next.get(subject, after)?.['value'];
        if (typeof value !== 'string') return;
        yield value;
        after = value;
      }
    },
    verdict: (subject) => verdictIn(find.get(subject)),
    isJudged: (subject, value) =>
      value === undefined ? !findOpen.get(subject) : findJudged.get(subject, value) !== undefined,
    verdictCount: () => numberIn(count.get(), 'n'),
  };
}

export function judging(
  database: DatabaseSync,
  transactions: Transactions,
): Pick<WorkLedger, 'judge' | 'judgeAgain'> {
  const write = database.prepare('UPDATE subject SET verdict = ? WHERE name = ?');
  const reopen = database.prepare(reopenAll);
  const reopenThoseOf = database.prepare(`${reopenAll} AND id IN (SELECT subject FROM testimony
    WHERE item IN (SELECT id FROM item WHERE state = 2 AND outcome = ?))`);
  return {
    judge: (subject, verdict) => {
      transactions.join(() => write.run(verdict, subject));
    },
    judgeAgain: (outcome) => {
      transactions.join(() => (outcome === undefined ? reopen.run() : reopenThoseOf.run(outcome)));
    },
  };
}
