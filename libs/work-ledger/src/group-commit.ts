import type { DatabaseSync } from 'node:sqlite';
import { nameSqliteFailure } from './name-sqlite-failure.ts';

// Shorter, and the disk is waited for by almost each answer; longer, and a kill costs more looking again. Claims never wait.
const longestWaitMs = 50;

/** Transactions of one connection. After a failure of the disk everything throws that failure again. */
export interface Transactions {
  /** Runs `work` in the common transaction, which is committed within some tens of milliseconds. */
  join<T>(work: () => T): T;
  /** Runs `work` in a transaction of its own: all of it is durable on return, or nothing of it happened. */
  alone<T>(work: () => T): T;
  flush(): void;
}

/** One commit, and one wait for the disk, for all that is answered within some tens of milliseconds. */
export function groupCommit(database: DatabaseSync, path: string): Transactions {
  let isOpen = false;
  let timer: NodeJS.Timeout | undefined;
  let broken: { readonly reason: unknown } | undefined;

  function rollBack(): void {
    isOpen = false;
    clearTimeout(timer);
    try {
      database.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full.
    }
  }
  /** An error of SQLite leaves the transaction in doubt; any other one is the caller's and harms nothing. */
  function guarded<T>(work: () => T): T {
    if (broken) throw broken.reason;
    try {
      return work();
    } catch (error) {
      const named = nameSqliteFailure(error, path);
      if (named !== error) {
        broken = { reason: named };
        rollBack();
      }
      throw named;
    }
  }
  function flush(): void {
    guarded(() => {
      if (!isOpen) return;
      clearTimeout(timer);
      database.exec('COMMIT');
      isOpen = false;
    });
  }
  function flushLater(): void {
    try {
      flush();
    } catch {
      // Kept in `broken`: whoever calls next learns of it.
    }
  }
  return {
    flush,
    join: (work) =>
      guarded(() => {
        if (!isOpen) {
          database.exec('BEGIN IMMEDIATE');
          isOpen = true;
          timer = setTimeout(flushLater, longestWaitMs);
        }
        return work();
      }),
    alone(work) {
      flush();
      return guarded(() => {
        database.exec('BEGIN IMMEDIATE');
        try {
          const result = work();
          database.exec('COMMIT');
          return result;
        } catch (error) {
          rollBack();
          throw error;
        }
      });
    },
  };
}
