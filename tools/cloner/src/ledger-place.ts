import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
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
  readonly destPeer?: string | undefined;
  readonly destDicom?: string | undefined;
}

/**
 * Where the ledger lies: where the user says, otherwise in the state folder under a name that belongs to this
 * pair of servers, so that the same command line finds its own work again.
 * @throws configuration `LEDGER_UNNAMED` when neither a path nor a pair is given, as may be with `status`
 */
export function ledgerPlace(options: Named, stateFolder: string): LedgerPlace {
  const { ledgerPath: asked, sourceUrl } = options;
  const destination = destinationIn(options);
  if (asked !== undefined) {
    const { ledgerPath, pythonState } = locateLedger(asked);
    return { path: ledgerPath, pythonState };
  }
  if (sourceUrl === undefined || destination === undefined) throw unnamed(stateFolder);
  const pair = createHash('sha256').update(`${sourceUrl}\n${destination}`).digest('hex').slice(0, 12);
  return { path: join(stateFolder, `cloner-${pair}.ledger.sqlite`), pythonState: undefined };
}

/** What the destination is called: by its address, or by its alias at the source. */
export function destinationIn({ destUrl, destPeer, destDicom }: Named): string | undefined {
  if (destUrl !== undefined) return destUrl;
  if (destDicom !== undefined) return `modality ${destDicom}`;
  return destPeer === undefined ? undefined : `peer ${destPeer}`;
}

function unnamed(folder: string): Error {
  const pair = `${nameOf('sourceUrl')} and ${nameOf('destUrl')}`;
  return configurationError(
    'LEDGER_UNNAMED',
    `Which ledger? Give ${nameOf('ledgerPath')}; or ${pair}, whose ledger lies in ${folder}.`,
  );
}
