import type { DatabaseSync } from 'node:sqlite';
import { configurationError } from '@orthanc-tools/failures';
import { items } from './migrations/0001-items.ts';
import { runningTotals } from './migrations/0002-running-totals.ts';
import { marksAndNotes } from './migrations/0003-marks-and-notes.ts';
import { testimonies } from './migrations/0004-testimonies.ts';
import { memories } from './migrations/0005-memories.ts';
import { numberIn } from './sqlite.ts';

const migrations: readonly string[] = [items, runningTotals, marksAndNotes, testimonies, memories];

export const currentVersion = migrations.length;

/** "OTWL": tells a ledger from the databases of other programs. */
const applicationId = 0x4f54574c;

const pragma = (database: DatabaseSync, name: string): number =>
  numberIn(database.prepare(`PRAGMA ${name}`).get(), name);

/**
 * The version of the ledger in the database; 0 when the database is empty.
 * @throws configuration `LEDGER_UNREADABLE` when it belongs to another program, `LEDGER_TOO_NEW` when a newer release wrote it
 */
export function ledgerVersion(database: DatabaseSync, path: string): number {
  const version = pragma(database, 'user_version');
  const isOurs = pragma(database, 'application_id') === applicationId;
  if (!isOurs && numberIn(database.prepare('SELECT count(*) AS n FROM sqlite_schema').get(), 'n') > 0) {
    throw configurationError(
      'LEDGER_UNREADABLE',
      `The file ${path} belongs to another program; it was left as it is.`,
    );
  }
  if (version > currentVersion) {
    throw configurationError(
      'LEDGER_TOO_NEW',
      `The ledger ${path} has version ${String(version)}; this release knows versions up to ${String(currentVersion)}.`,
    );
  }
  return version;
}

/** Brings the ledger to the version wanted, each step in a transaction of its own: killed in between, it goes on from there. */
export function migrate(database: DatabaseSync, path: string, target: number = currentVersion): void {
  const version = ledgerVersion(database, path);
  for (const [index, migration] of migrations.slice(version, target).entries()) {
    database.exec(
      `BEGIN IMMEDIATE; ${migration}
       PRAGMA application_id = ${String(applicationId)}; PRAGMA user_version = ${String(version + index + 1)}; COMMIT`,
    );
  }
}
