import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { asFailure, configurationError } from '@orthanc-tools/failures';
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

/** Another one of this tool in the same folder. Only reads; one that cannot be read tells nothing. */
export function otherLedgerOf(databaseIdentifier: string, ownLedger: string): KnownLedger | undefined {
  const folder = dirname(ownLedger);
  return ledgersIn(folder)
    .filter((name) => name !== basename(ownLedger))
    .map((name) => ledgerAt(join(folder, name)))
    .find((known) => known?.databaseIdentifier === databaseIdentifier);
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

/** Undefined where it does not say with which Orthanc it was used, or cannot be read. */
export function ledgerAt(path: string): KnownLedger | undefined {
  try {
    using view = readLedger(path, { upgrades: false, tool: 'cleaner' });
    const server = readNotes<ServerNote>(view, 'server').get('orthanc');
    return server && { ...server, path, url: view.identity['orthancUrl'] ?? '' };
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
    return undefined;
  }
}
