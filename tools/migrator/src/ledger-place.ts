import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import { locateLedger } from '@orthanc-tools/work-ledger';

interface Named {
  readonly ledgerPath?: string | undefined;
  readonly orthancUrl?: string | undefined;
  readonly sourceModality?: string | undefined;
  readonly destinationModality?: string | undefined;
  readonly destinationAet?: string | undefined;
  readonly destinationPeer?: string | undefined;
}

/** From where to where: what is proved of one way says nothing of another. */
export const identityOf = (options: Named): Readonly<Record<string, string>> => ({
  ...(options.orthancUrl !== undefined && { orthanc: addressOf(options.orthancUrl) }),
  source: options.sourceModality ?? '',
  destination: options.destinationModality ?? options.destinationPeer ?? options.destinationAet ?? '',
  'kind of destination': kindOf(options),
});

/** A modality and a peer may bear the same alias, and an AET the alias of another modality. */
function kindOf({ destinationModality, destinationPeer, destinationAet }: Named): string {
  if (destinationModality !== undefined) return 'modality';
  if (destinationPeer !== undefined) return 'peer';
  return destinationAet === undefined ? '' : 'AET';
}

/** Without what may differ between two ways to write it, and without a user within. */
function addressOf(written: string): string {
  if (!URL.canParse(written)) return written;
  const { protocol, host, pathname } = new URL(written);
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
}

/**
 * Where the ledger lies: where the user says, otherwise in the state folder under a name that belongs to this way, so that
 * the same command line finds its own work again.
 * @throws configuration `LEDGER_UNNAMED` when nothing of that is given, as may be with `status`
 */
export function ledgerPlace(options: Named, stateFolder: string): string {
  if (options.ledgerPath !== undefined) return locateLedger(options.ledgerPath).ledgerPath;
  if (options.orthancUrl === undefined)
    throw configurationError(
      'LEDGER_UNNAMED',
      `Which ledger? Give ${nameOf('ledgerPath')}; or ${nameOf('orthancUrl')} with source and destination, whose ledger lies in ${stateFolder}.`,
    );
  const way = createHash('sha256')
    .update(Object.values(identityOf(options)).join('\n'))
    .digest('hex')
    .slice(0, 12);
  return join(stateFolder, `migrator-${way}.ledger.sqlite`);
}
