import type { DatabaseSync } from 'node:sqlite';
import type { Transactions } from './group-commit.ts';
import { numberIn } from './sqlite.ts';
import { testifying } from './testifying.ts';
import type { Claim, PartException, PartNote, Testimony, WorkLedger } from './work-ledger.ts';

const longestMessage = 2000;
const answered = 'UPDATE item SET crashes = 0, ';

function sql(database: DatabaseSync) {
  return {
    find: database.prepare(
      'SELECT id, generation, exceptions FROM item WHERE key = ? AND state = 1 AND attempts = ?',
    ),
    end: database.prepare(`${answered} state = ?, outcome = ?, proof = ?, parts = ?, bytes = ?, exceptions = ?,
      code = ?, message = ?, note = ?, mark = coalesce(?, mark), at = ? WHERE id = ?`),
    // What was asked for again meanwhile, for a later time, waits for that time too.
    postpone:
      database.prepare(`${answered} state = 0, ready_at = max(?, CASE WHEN ? THEN ready_at ELSE 0 END),
      code = ?, message = ?,
      attempts = CASE WHEN ? THEN 0 ELSE attempts - ? END WHERE id = ?`),
    waitAgain: database.prepare(`${answered} state = 0, attempts = 0, at = ? WHERE id = ?`),
    // What is in hand is ready, unless it was asked for again for a later time.
    release: database.prepare('UPDATE item SET state = 0, attempts = attempts - 1 WHERE id = ?'),
    progress: database.prepare('UPDATE item SET progressed = 1 WHERE id = ?'),
    forgetParts: database.prepare('DELETE FROM part_exception WHERE item = ?'),
    forgetNotes: database.prepare('DELETE FROM part_note WHERE item = ?'),
    addNote: database.prepare('INSERT OR REPLACE INTO part_note (item, part, note) VALUES (?, ?, ?)'),
    addPart: database.prepare(
      'INSERT OR REPLACE INTO part_exception (item, part, code, message) VALUES (?, ?, ?, ?)',
    ),
  };
}

interface Ending {
  readonly outcome: string;
  readonly proof: string;
  readonly parts: number;
  readonly bytes: number;
  readonly exceptions: readonly PartException[];
  readonly note?: string;
  readonly partNotes?: readonly PartNote[];
  readonly testimonies?: readonly Testimony[];
  readonly judgesAgain?: boolean;
  readonly mark?: string;
  /** Set when the item is set aside as a whole. */
  readonly refusal?: { readonly code: string; readonly message: string };
}

/** One code when all parts share it, so that a summary by code says what happened. */
function refusalOf(ending: Ending): { code: string; message: string } | undefined {
  const [first] = ending.exceptions;
  if (ending.refusal ?? !first) return ending.refusal;
  const isShared = ending.exceptions.every((exception) => exception.code === first.code);
  const count = String(ending.exceptions.length);
  return { code: isShared ? first.code : 'PARTS_SET_ASIDE', message: `Parts set aside: ${count}.` };
}

type Answering = Pick<WorkLedger, 'settle' | 'reschedule' | 'setAside' | 'release' | 'progress'>;

export function answering(database: DatabaseSync, transactions: Transactions, now: () => number): Answering {
  const statements = sql(database);
  const testify = testifying(database);

  function inHand(claim: Claim): { id: number; wasAskedAgain: boolean; exceptions: number } {
    const row = statements.find.get(claim.key, claim.attempt);
    if (!row) throw new Error(`The item ${claim.key} is not in hand: its claim was answered before.`);
    return {
      id: numberIn(row, 'id'),
      wasAskedAgain: numberIn(row, 'generation') !== claim.generation,
      exceptions: numberIn(row, 'exceptions'),
    };
  }
  function replaceParts(id: number, exceptions: readonly PartException[], known: number): void {
    if (known > 0) statements.forgetParts.run(id);
    for (const { part, code, message } of exceptions) {
      statements.addPart.run(id, part, code, message.slice(0, longestMessage));
    }
  }
  function replaceNotes(id: number, notes: readonly PartNote[]): void {
    statements.forgetNotes.run(id);
    for (const { part, note } of notes) statements.addNote.run(id, part, note);
  }
  function end(claim: Claim, ending: Ending): void {
    const { id, wasAskedAgain, exceptions: known } = inHand(claim);
    if (wasAskedAgain) {
      statements.waitAgain.run(now(), id);
      return;
    }
    const { outcome, proof, parts, bytes } = ending;
    const exceptions = [
      ...new Map(ending.exceptions.map((exception) => [exception.part, exception])).values(),
    ];
    const refusal = refusalOf({ ...ending, exceptions });
    const reason = [refusal?.code ?? '', refusal?.message.slice(0, longestMessage) ?? ''] as const;
    statements.end.run(
      refusal ? 3 : 2,
      outcome,
      proof,
      parts,
      bytes,
      exceptions.length,
      ...reason,
      ending.note ?? '',
      ending.mark ?? null,
      now(),
      id,
    );
    replaceParts(id, exceptions, known);
    replaceNotes(id, ending.partNotes ?? []);
    testify(id, ending.testimonies ?? [], ending.judgesAgain);
  }
  const join = (work: () => unknown): void => {
    transactions.join(() => {
      work();
    });
  };
  return {
    settle: (claim, settlement) => {
      join(() => {
        end(claim, { ...settlement, exceptions: settlement.exceptions ?? [] });
      });
    },
    setAside: (claim, refusal) => {
      const { parts = 0, bytes = 0, exceptions = [] } = refusal;
      join(() => {
        end(claim, { ...refusal, outcome: '', proof: '', parts, bytes, exceptions, refusal });
      });
    },
    reschedule: (claim, { at, code, message, hasProgressed, isFree = false }) => {
      const why = [code, message.slice(0, longestMessage)] as const;
      const counted = [hasProgressed ? 1 : 0, isFree ? 1 : 0] as const;
      join(() => {
        const { id, wasAskedAgain } = inHand(claim);
        statements.postpone.run(Math.max(1, Math.round(at)), wasAskedAgain ? 1 : 0, ...why, ...counted, id);
      });
    },
    release: (claim) => {
      join(() => statements.release.run(inHand(claim).id));
    },
    progress: (claim) => {
      join(() => statements.progress.run(inHand(claim).id));
    },
  };
}
