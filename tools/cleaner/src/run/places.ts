import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import { locateLedger, readLedger } from '@orthanc-tools/work-ledger';

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
  const ledger =
    ledgerPath === undefined ? ownLedger(orthancUrl ?? '', stateFolder) : locateLedger(ledgerPath).ledgerPath;
  return { ledger, trail: auditTrail ?? `${ledger.replace(/(\.ledger)?\.(sqlite|db)$/i, '')}.audit.jsonl` };
}

/** The ledger that this server has already, however its address was written then; otherwise the name of a new one. */
function ownLedger(url: string, stateFolder: string): string {
  const pathOf = (written: string) => {
    const own = createHash('sha256').update(written).digest('hex').slice(0, 12);
    return join(stateFolder, `cleaner-${own}.ledger.sqlite`);
  };
  const spellings = [url, ...spellingsOf(url)];
  return spellings.map(pathOf).find((path) => existsSync(path)) ?? pathOf(spellings[1] ?? url);
}

/** Whether a file is called as a ledger of this tool that nobody has named. Pure. */
export const isOwnLedger = (name: string): boolean => /^cleaner-[0-9a-f]+\.ledger\.sqlite$/.test(name);

const loopback = ['localhost', '127.0.0.1', '[::1]'];

/** The other ways to write the address of a server of this machine, the usual one first. Pure. */
function spellingsOf(url: string): readonly string[] {
  const hostname = URL.canParse(url) ? new URL(url).hostname : '';
  if (!loopback.includes(hostname)) return [];
  return loopback.map((host) => url.replace(hostname, host));
}

/** The address as the ledger has it, where that is another way to write the same one. */
export function addressIn(ledger: string, url: string): string {
  if (!existsSync(ledger)) return url;
  using view = readLedger(ledger, { tool: 'cleaner' });
  const known = view.identity['orthancUrl'];
  return known !== undefined && spellingsOf(url).includes(known) ? known : url;
}
