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
  source: options.sourceModality ?? '',
  destination: options.destinationModality ?? options.destinationPeer ?? options.destinationAet ?? '',
});

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
  const { source, destination } = identityOf(options);
  const way = createHash('sha256')
    .update([options.orthancUrl, source, destination].join('\n'))
    .digest('hex')
    .slice(0, 12);
  return join(stateFolder, `migrator-${way}.ledger.sqlite`);
}
