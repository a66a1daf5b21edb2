import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { configurationError } from '@orthanc-tools/failures';
import { refuseStrange } from './identifying.ts';
import { currentVersion, ledgerVersion } from './migrate.ts';
import { naming } from './name-sqlite-failure.ts';
import { openLedger } from './open-ledger.ts';
import { openSqlite } from './sqlite.ts';
import { hearing } from './testifying.ts';
import { identityIn, viewing } from './viewing.ts';
import { recalling } from './remembering.ts';
import type { LedgerView } from './work-ledger.ts';
import { isLockedForWriting } from './writer-lock.ts';

function openForReading(path: string, upgrades: boolean): DatabaseSync {
  const database = openSqlite(path, { readOnly: true });
  try {
    database.exec('PRAGMA busy_timeout = 5000');
    if (ledgerVersion(database, path) === currentVersion) return database;
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  if (!upgrades)
    throw configurationError(
      'LEDGER_OLDER',
      `The ledger ${path} is of an older release, and is not to be written to now: "status" or a run upgrades it.`,
    );
  // Opening it for writing upgrades it, unless a mover of an older release holds it.
  openLedger(path)[Symbol.dispose]();
  return openForReading(path, upgrades);
}

interface ReadSettings {
  readonly upgrades?: boolean;
  /** Whose ledger it must be, as far as it says so. */
  readonly tool?: string;
}

function refuseOtherTool(database: DatabaseSync, path: string, tool: string | undefined): void {
  const known = identityIn(database)['tool'];
  if (tool === undefined || known === undefined) return;
  try {
    refuseStrange(path, { tool: known }, { tool });
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * A view of the ledger that may be had while a mover works on it. Only `requeue` writes, and needs the mover to rest;
 * one of an older release is upgraded at once, unless it is to stay as it is.
 * @throws configuration `LEDGER_MISSING` when there is none, `LEDGER_OLDER` for one that would have to be upgraded, `LEDGER_OF_ANOTHER_RUN`, else as
 *   `openLedger`
 */
export function readLedger(path: string, { upgrades = true, tool }: ReadSettings = {}): LedgerView {
  if (!existsSync(path)) {
    throw configurationError(
      'LEDGER_MISSING',
      `There is no ledger at ${path}: nothing was started with it yet.`,
    );
  }
  return naming(path, () => {
    const database = openForReading(path, upgrades);
    refuseOtherTool(database, path, tool);
    const view = { ...viewing(database), ...hearing(database) };
    const recall = recalling(database);
    return {
      identity: identityIn(database),
      cursor: (name) => naming(path, () => view.cursor(name)),
      tally: () => naming(path, view.tally),
      setAsideRows: (page) => naming(path, () => view.setAsideRows(page)),
      exceptions: (key, page) => naming(path, () => view.exceptions(key, page)),
      reasons: () => naming(path, view.reasons),
      waiting: (page) => naming(path, () => view.waiting(page)),
      stateOf: (key) => naming(path, () => view.stateOf(key)),
      askedAt: (key) => naming(path, () => view.askedAt(key)),
      rows: (page) => naming(path, () => view.rows(page)),
      partNotes: (key, page) => naming(path, () => view.partNotes(key, page)),
      openSubjects: (page) => naming(path, () => view.openSubjects(page)),
      valuesOf: (subject) => naming(path, () => view.valuesOf(subject)),
      verdict: (subject) => naming(path, () => view.verdict(subject)),
      isJudged: (subject, value) => naming(path, () => view.isJudged(subject, value)),
      verdictCount: () => naming(path, view.verdictCount),
      remembered: (key, page) => naming(path, () => recall(key, page)),
      isHeld: () => isLockedForWriting(path),
      requeue(selector) {
        using ledger = openLedger(path);
        return ledger.requeue(selector);
      },
      [Symbol.dispose]: () => {
        database.close();
      },
    };
  });
}
