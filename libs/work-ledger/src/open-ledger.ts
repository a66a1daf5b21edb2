import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { makeFolder } from '@orthanc-tools/tool-options';
import { answering } from './answering.ts';
import { claiming } from './claiming.ts';
import { condensing } from './condensing.ts';
import { enqueueing } from './enqueueing.ts';
import { groupCommit } from './group-commit.ts';
import { identify } from './identifying.ts';
import { migrate } from './migrate.ts';
import { naming } from './name-sqlite-failure.ts';
import { recalling, remembering } from './remembering.ts';
import { requeueing } from './requeueing.ts';
import { resume } from './resuming.ts';
import { openSqlite } from './sqlite.ts';
import { hearing, judging } from './testifying.ts';
import { identityIn, viewing } from './viewing.ts';
import type { WorkLedger } from './work-ledger.ts';
import { lockForWriting } from './writer-lock.ts';

export interface LedgerSettings {
  /** Whose work this is, such as the identifier of the source: a ledger opened with another one is refused. */
  readonly identity?: Readonly<Record<string, string>>;
  /** Time of day in ms since 1970; the system's, when not given. */
  readonly now?: () => number;
}

const forDurability = `PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  PRAGMA cache_size = -16000; PRAGMA journal_size_limit = 16000000;`;

/** The ledger over a connection that is set up already; `path` is for messages. Closing it closes the connection. */
export function ledgerOver(database: DatabaseSync, path: string, settings: LedgerSettings = {}): WorkLedger {
  const now = settings.now ?? Date.now;
  identify(database, path, settings.identity ?? {});
  const interrupted = resume(database, now());
  const transactions = groupCommit(database, path);
  const view = { ...viewing(database), ...hearing(database) };
  const recall = recalling(database);
  const afterFlush = <T>(read: () => T): T => {
    transactions.flush();
    return naming(path, read);
  };
  return {
    path,
    identity: identityIn(database),
    interrupted,
    ...enqueueing(database, transactions, now),
    ...claiming(database, transactions),
    ...answering(database, transactions, now),
    ...remembering(database, transactions),
    condense: condensing(database, transactions),
    requeue: requeueing(database, transactions, now),
    isHeld: () => true,
    cursor: (name) => afterFlush(() => view.cursor(name)),
    tally: () => afterFlush(view.tally),
    setAsideRows: (page) => afterFlush(() => view.setAsideRows(page)),
    exceptions: (key, page) => afterFlush(() => view.exceptions(key, page)),
    reasons: () => afterFlush(view.reasons),
    waiting: (page) => afterFlush(() => view.waiting(page)),
    stateOf: (key) => afterFlush(() => view.stateOf(key)),
    askedAt: (key) => naming(path, () => view.askedAt(key)),
    rows: (page) => afterFlush(() => view.rows(page)),
    partNotes: (key, page) => afterFlush(() => view.partNotes(key, page)),
    openSubjects: (page) => afterFlush(() => view.openSubjects(page)),
    valuesOf: (subject) => afterFlush(() => view.valuesOf(subject)),
    verdict: (subject) => naming(path, () => view.verdict(subject)),
    isJudged: (subject, value) => naming(path, () => view.isJudged(subject, value)),
    verdictCount: () => afterFlush(view.verdictCount),
    ...judging(database, transactions),
    remembered: (key, page) => naming(path, () => recall(key, page)),
    flush: transactions.flush,
    [Symbol.dispose]() {
      try {
        transactions.flush();
      } finally {
        database.close();
      }
    },
  };
}

function openDatabase(path: string): DatabaseSync {
  const database = openSqlite(path);
  try {
    database.exec(forDurability);
    migrate(database, path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens the ledger for its one writer, making or upgrading it where needed. What the process before had in hand
 * waits again. Dispose of it to give it free; a killed process gives it free too.
 * @throws configuration failures of scope `run`: `LEDGER_IN_USE`, `LEDGER_OF_ANOTHER_RUN`, `LEDGER_TOO_NEW`,
 *   `LEDGER_UNREADABLE`, `LEDGER_UNWRITABLE`, `LEDGER_DISK_FULL`
 */
export function openLedger(path: string, settings: LedgerSettings = {}): WorkLedger {
  makeFolder(dirname(path), { option: 'ledgerPath', code: 'LEDGER_UNWRITABLE' });
  const lock = lockForWriting(path);
  try {
    return naming(path, () => {
      const ledger = ledgerOver(openDatabase(path), path, settings);
      return {
        ...ledger,
        [Symbol.dispose]: () => {
          release(ledger, lock);
        },
      };
    });
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

function release(ledger: Disposable, lock: Disposable): void {
  try {
    ledger[Symbol.dispose]();
  } finally {
    lock[Symbol.dispose]();
  }
}
