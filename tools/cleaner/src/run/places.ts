import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import { locateLedger } from '@orthanc-tools/work-ledger';

interface Named {
  readonly ledgerPath?: string | undefined;
  readonly auditTrail?: string | undefined;
  readonly orthancUrl?: string | undefined;
}

export interface Places {
  readonly ledger: string;
  readonly trail: string;
}

/**
 * Where ledger and audit trail lie: where the user says, otherwise in the state folder under a name that belongs to this
 * server; the trail beside the ledger.
 * @throws configuration `LEDGER_UNNAMED` when neither is given, as may be with `status`
 */
export function placesOf({ ledgerPath, auditTrail, orthancUrl }: Named, stateFolder: string): Places {
  if (ledgerPath === undefined && orthancUrl === undefined)
    throw configurationError(
      'LEDGER_UNNAMED',
      `Which ledger? Give ${nameOf('ledgerPath')}; or ${nameOf('orthancUrl')}, whose ledger lies in ${stateFolder}.`,
    );
  const own = createHash('sha256')
    .update(orthancUrl ?? '')
    .digest('hex')
    .slice(0, 12);
  const ledger =
    ledgerPath === undefined
      ? join(stateFolder, `cleaner-${own}.ledger.sqlite`)
      : locateLedger(ledgerPath).ledgerPath;
  return { ledger, trail: auditTrail ?? `${ledger.replace(/(\.ledger)?\.(sqlite|db)$/i, '')}.audit.jsonl` };
}
