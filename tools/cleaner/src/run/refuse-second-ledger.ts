import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { asFailure, configurationError, withAdvice } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import { readLedger } from '@orthanc-tools/work-ledger';
import { type CleanerMemory, type ServerNote, readNotes } from './cleaner-memory.ts';
import { isOwnLedger } from './places.ts';

interface SecondLedger {
  /** Where the ledger lies by itself; undefined where a person has named it. */
  readonly ownLedger: string | undefined;
  readonly databaseIdentifier: string | undefined;
}

/**
 * One Orthanc may be named by several addresses, and each has a ledger of its own: objections and quarantines that stand in
 * another one would be forgotten. A ledger that was used with this Orthanc before is gone on with.
 * @throws configuration `LEDGER_OF_SAME_ORTHANC`
 */
export function refuseSecondLedger(
  { ownLedger, databaseIdentifier }: SecondLedger,
  memory: Pick<CleanerMemory, 'knownServer' | 'noteServer'>,
): void {
  if (databaseIdentifier === undefined) return;
  const other =
    ownLedger === undefined || memory.knownServer() !== undefined
      ? undefined
      : otherLedgerOf(databaseIdentifier, ownLedger);
  if (other !== undefined)
    throw configurationError(
      'LEDGER_OF_SAME_ORTHANC',
      `The ledger ${other.path} is of this very Orthanc, which was named ${other.url} then, and holds its quarantines and objections: give ${nameOf('orthancUrl')} as it was given then, or, to begin without them, name a new ledger with ${nameOf('ledgerPath')}.`,
      { scope: 'run' },
    );
  memory.noteServer({ databaseIdentifier });
}

/**
 * Another one of this tool in the same folder. Only reads.
 * @throws configuration `LEDGER_IN_USE`, `LEDGER_UNWRITABLE` where one cannot be read that may well be of this Orthanc
 */
export function otherLedgerOf(databaseIdentifier: string, ownLedger: string): KnownLedger | undefined {
  const folder = dirname(ownLedger);
  return ledgersIn(folder)
    .filter((name) => name !== basename(ownLedger))
    .map((name) => unlessUnread(join(folder, name)))
    .find((known) => known?.databaseIdentifier === databaseIdentifier);
}

function unlessUnread(path: string): KnownLedger | undefined {
  try {
    return ledgerAt(path);
  } catch (error) {
    const advice = `It may be of the same Orthanc: let it be read, or name a new ledger with ${nameOf('ledgerPath')}.`;
    throw withAdvice(error, { LEDGER_IN_USE: advice, LEDGER_UNWRITABLE: advice });
  }
}

function ledgersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter(isOwnLedger).sort();
  } catch {
    return [];
  }
}

interface KnownLedger extends ServerNote {
  readonly path: string;
  /** As the Orthanc was named then. */
  readonly url: string;
}

/** Of a file that is no ledger, or one that was not written by this release of this tool. */
const tellsNothing = new Set([
  'LEDGER_MISSING',
  'LEDGER_UNREADABLE',
  'LEDGER_OLDER',
  'LEDGER_OF_ANOTHER_RUN',
]);

/** Undefined where it does not say with which Orthanc it was used. */
export function ledgerAt(path: string): KnownLedger | undefined {
  try {
    using view = readLedger(path, { upgrades: false, tool: 'cleaner' });
    const server = readNotes<ServerNote>(view, 'server').get('orthanc');
    return server && { ...server, path, url: view.identity['orthancUrl'] ?? '' };
  } catch (error) {
    if (tellsNothing.has(asFailure(error)?.code ?? '')) return undefined;
    throw error;
  }
}
