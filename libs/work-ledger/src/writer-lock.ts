import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { isBusy, ledgerInUse, naming } from './name-sqlite-failure.ts';
import { openSqlite } from './sqlite.ts';

function lock(database: DatabaseSync, path: string): void {
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw isBusy(error) ? ledgerInUse(path) : error;
  }
}

/**
 * Makes this process the one writer of the ledger. The lock is held on a file of its own, so that readers are not
 * kept out, and by the operating system, so that it ends with the process however that dies.
 * @throws configuration `LEDGER_IN_USE`
 */
export function lockForWriting(path: string): Disposable {
  return naming(path, () => {
    const database = openSqlite(`${path}.lock`);
    lock(database, path);
    return {
      [Symbol.dispose]: () => {
        database.close();
      },
    };
  });
}

/** Whether a process is the writer of the ledger now. Takes the lock from nobody and leaves nothing behind. */
export function isLockedForWriting(path: string): boolean {
  if (!existsSync(`${path}.lock`)) return false;
  return naming(path, () => {
    const database = openSqlite(`${path}.lock`, { readOnly: true });
    try {
      // Reading is refused while the writer has its exclusive lock, and only then.
      database.exec('SELECT 1 FROM sqlite_schema');
      return false;
    } catch (error) {
      if (isBusy(error)) return true;
      throw error;
    } finally {
      database.close();
    }
  });
}
