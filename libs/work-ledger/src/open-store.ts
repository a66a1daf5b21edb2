import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { configurationError } from '@orthanc-tools/failures';
import { makeFolder } from '@orthanc-tools/tool-options';
import { type CommitSync, commitSync } from './commit-sync.ts';
import { naming } from './name-sqlite-failure.ts';
import { numberIn, openSqlite } from './sqlite.ts';
import { lockForWriting } from './writer-lock.ts';

/** A SQLite database that is a tool's own, for records that are no ledger of work. */
export interface StoreShape {
  /** Tells it from the databases of other programs: a number of 31 bits. */
  readonly applicationId: number;
  /** Statements that bring an empty database to the present version, one step each; what is released is never changed. */
  readonly migrations: readonly string[];
  /** Key of the option that names the file. */
  readonly option: string;
}

export type SqliteDatabase = DatabaseSync;

export interface Store extends Disposable {
  readonly database: SqliteDatabase;
  /** Runs `work` and gives SQLite's errors their names: `LEDGER_DISK_FULL`, `LEDGER_UNWRITABLE`, … */
  named<T>(work: () => T): T;
}

/** The store of the one process that works on it: a commit is durable once `synced` has resolved. */
export interface OwnStore extends Store, Omit<CommitSync, keyof Disposable> {}

// What a savepoint may have to undo is kept in memory: from 64 kB on it would be a file of its own, written for each of them.
// Checkpoints are small and frequent: everything waits for them.
const settings = `PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 64000000;`;

function pragma(database: DatabaseSync, name: string): number {
  return numberIn(database.prepare(`PRAGMA ${name}`).get(), name);
}

function migrate(database: DatabaseSync, path: string, { applicationId, migrations }: StoreShape): void {
  const version = pragma(database, 'user_version');
  const isOurs = pragma(database, 'application_id') === applicationId;
  if (!isOurs && numberIn(database.prepare('SELECT count(*) AS n FROM sqlite_schema').get(), 'n') > 0)
    throw configurationError(
      'LEDGER_UNREADABLE',
      `The file ${path} belongs to another program; it was left as it is.`,
    );
  if (version > migrations.length)
    throw configurationError('LEDGER_TOO_NEW', `The file ${path} was written by a newer release.`);
  for (const [index, migration] of migrations.slice(version).entries())
    database.exec(
      `BEGIN IMMEDIATE; ${migration}
       PRAGMA application_id = ${String(applicationId)}; PRAGMA user_version = ${String(version + index + 1)}; COMMIT`,
    );
}

function opened(path: string, shape: StoreShape, synchronous: 'FULL' | 'NORMAL'): DatabaseSync {
  const database = openSqlite(path);
  try {
    database.exec(`${settings} PRAGMA synchronous = ${synchronous}`);
    migrate(database, path, shape);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens the store for the one process that works on it, and makes it where needed. A commit is durable once `synced` has resolved.
 * @throws configuration failures `LEDGER_IN_USE`, `LEDGER_UNREADABLE`, `LEDGER_TOO_NEW`, `LEDGER_UNWRITABLE`, `LEDGER_DISK_FULL`
 */
export function openStore(path: string, shape: StoreShape): OwnStore {
  makeFolder(dirname(path), { option: shape.option, code: 'LEDGER_UNWRITABLE' });
  const lock = lockForWriting(path);
  try {
    const database = naming(path, () => opened(path, shape, 'NORMAL'));
    const durable = commitSync(database, path);
    return {
      database,
      named: (work) => naming(path, work),
      synced: () => durable.synced(),
      clearDoubt: () => durable.clearDoubt(),
      [Symbol.dispose]: () => {
        durable[Symbol.dispose]();
        database.close();
        lock[Symbol.dispose]();
      },
    };
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

/**
 * Opens a store beside the process that works on it, if any does: for looking, and for small notes to that process. A commit
 * is durable when it returns.
 * @throws configuration `LEDGER_MISSING` when there is none, and the failures of `openStore`
 */
export function visitStore(path: string, shape: StoreShape): Store {
  if (!existsSync(path))
    throw configurationError('LEDGER_MISSING', `There is no file ${path}: nothing has been recorded yet.`);
  const database = naming(path, () => opened(path, shape, 'FULL'));
  return { database, named: (work) => naming(path, work), [Symbol.dispose]: () => database.close() };
}
