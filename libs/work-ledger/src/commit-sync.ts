import { closeSync, fdatasync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { configurationError } from '@orthanc-tools/failures';
import { naming } from './name-sqlite-failure.ts';

/** The wait for the disk, apart from the commit: other work goes on meanwhile. */
export interface CommitSync extends Disposable {
  /**
   * Resolves once everything committed so far is durable.
   * @throws configuration `LEDGER_UNWRITABLE`: it may be lost in a power failure; so may all that follows, until `clearDoubt`
   */
  synced(): Promise<void>;
  /**
   * To be called outside of transactions. After a failed wait nobody knows which pages of the log reached the disk: all of
   * it is written into the database itself, and that made durable. Does nothing otherwise.
   * @throws configuration `LEDGER_UNWRITABLE`, `LEDGER_DISK_FULL`, `LEDGER_IN_USE`
   */
  clearDoubt(): void;
}

const syncData = promisify(fdatasync);

/** For a database in WAL mode with `synchronous = NORMAL`, where a commit only writes to the log. `path` is the database's. */
export function commitSync(
  database: DatabaseSync,
  path: string,
  sync: (descriptor: number) => Promise<void> = syncData,
): CommitSync {
  let log: number | undefined;
  let isInDoubt = false;
  // One after the other: an error of the disk is told to one of those who wait at the same time.
  let last: Promise<unknown> = Promise.resolve();

  async function waitForDisk(): Promise<void> {
    if (isInDoubt) throw unwritable(path);
    try {
      log ??= openSync(`${path}-wal`, 'r');
      await sync(log);
    } catch (error) {
      isInDoubt = true;
      throw unwritable(path, error);
    }
  }
  return {
    synced() {
      const mine = last.then(waitForDisk);
      last = mine.catch(() => undefined);
      return mine;
    },
    clearDoubt() {
      if (!isInDoubt) return;
      const row = naming(path, () => database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get());
      if (row?.['busy'] !== 0) throw unwritable(path);
      isInDoubt = false;
    },
    [Symbol.dispose]() {
      if (log !== undefined) closeSync(log);
      log = undefined;
    },
  };
}

const unwritable = (path: string, cause?: unknown) =>
  configurationError('LEDGER_UNWRITABLE', `The ledger ${path} cannot be used: its disk failed to keep it.`, {
    scope: 'run',
    ...(cause !== undefined && { cause }),
  });
