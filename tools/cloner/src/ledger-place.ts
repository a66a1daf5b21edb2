import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { locateLedger } from '@orthanc-tools/work-ledger';

export interface LedgerPlace {
  readonly path: string;
  /** The sequence number in a state file of the Python tool that stands where the ledger was asked for. */
  readonly pythonState: number | undefined;
}

interface Named {
  readonly ledgerPath?: string | undefined;
  readonly sourceUrl?: string | undefined;
  readonly destUrl?: string | undefined;
}

/**
 * Where the ledger lies: where the user says, otherwise in the state folder under a name that belongs to this
 * pair of servers, so that the same command line finds its own work again.
 */
export function ledgerPlace(options: Named, stateFolder: string): LedgerPlace {
  if (options.ledgerPath !== undefined) {
    const { ledgerPath, pythonState } = locateLedger(options.ledgerPath);
    return { path: ledgerPath, pythonState };
  }
  const pair = createHash('sha256')
    .update(`${options.sourceUrl ?? ''}\n${options.destUrl ?? ''}`)
    .digest('hex')
    .slice(0, 12);
  return { path: join(stateFolder, `cloner-${pair}.ledger.sqlite`), pythonState: undefined };
}
