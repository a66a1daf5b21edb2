import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
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
 * Where the ledger lies: where the user says, otherwise in the user's state folder under a name that belongs to this
 * pair of servers, so that the same command line finds its own work again.
 */
export function ledgerPlace(options: Named, env: NodeJS.ProcessEnv): LedgerPlace {
  if (options.ledgerPath !== undefined) {
    const { ledgerPath, pythonState } = locateLedger(options.ledgerPath);
    return { path: ledgerPath, pythonState };
  }
  const pair = createHash('sha256')
    .update(`${options.sourceUrl ?? ''}\n${options.destUrl ?? ''}`)
    .digest('hex')
    .slice(0, 12);
  const state = env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state');
  return { path: join(state, 'orthanc-tools', `cloner-${pair}.ledger.sqlite`), pythonState: undefined };
}
