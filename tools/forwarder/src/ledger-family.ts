import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import { type LedgerView, locateLedger, readLedger } from '@orthanc-tools/work-ledger';

/** One ledger for what arrives, one for what is to be deleted, one for each destination: files side by side. */
export interface LedgerFamily {
  readonly inbox: string;
  readonly deletion: string;
  /** The key for pseudonyms, which is as lasting as they are. */
  readonly pseudonymKey: string;
  destination(name: string): string;
}

/** Whose ledger it is: another one given in its place is refused. */
export const identityFor = (stage: string): Readonly<Record<string, string>> => ({
  tool: 'forwarder',
  stage,
});

interface Named {
  readonly ledgerPath?: string | undefined;
  readonly sourceUrl?: string | undefined;
}

/**
 * Where the ledgers lie: where the user says, otherwise in the state folder under a name that belongs to the inbox.
 * @throws configuration `LEDGER_UNNAMED` when neither is given, as may be with `status`
 */
export function ledgerFamily(options: Named, stateFolder: string): LedgerFamily {
  const inbox = inboxPath(options, stateFolder);
  const stem = stemOf(inbox);
  const beside = (stage: string) => `${stem}.${stage}.ledger.sqlite`;
  return {
    inbox,
    deletion: beside('deletion'),
    pseudonymKey: `${stem}.pseudonyms.key`,
    destination: (name) => beside(`to-${encodeURIComponent(name)}`),
  };
}

function inboxPath({ ledgerPath, sourceUrl }: Named, stateFolder: string): string {
  if (ledgerPath !== undefined) return locateLedger(ledgerPath).ledgerPath;
  if (sourceUrl === undefined)
    throw configurationError(
      'LEDGER_UNNAMED',
      `Which ledger? Give ${nameOf('ledgerPath')}; or ${nameOf('sourceUrl')}, whose ledger lies in ${stateFolder}.`,
    );
  const name = createHash('sha256').update(sourceUrl).digest('hex').slice(0, 12);
  return join(stateFolder, `forwarder-${name}.ledger.sqlite`);
}

const stemOf = (path: string): string => path.replace(/(\.ledger)?\.(sqlite|db)$/i, '');

/** A ledger for reading, and what it is of, as `status` shows it. */
export interface NamedView {
  readonly stage: string;
  readonly view: LedgerView;
}

/** All that exist, also of destinations that are no longer configured. @throws configuration `LEDGER_MISSING` */
export function readFamily(family: LedgerFamily): NamedView[] {
  const views = [{ stage: 'inbox', view: readLedger(family.inbox, { tool: 'forwarder' }) }];
  const stem = stemOf(family.inbox);
  const [start, end] = [`${basename(stem)}.to-`, '.ledger.sqlite'];
  for (const file of readdirSync(dirname(family.inbox)).toSorted()) {
    if (!file.startsWith(start) || !file.endsWith(end)) continue;
    const stage = decodeURIComponent(file.slice(start.length, -end.length));
    views.push({ stage, view: readLedger(join(dirname(family.inbox), file), { tool: 'forwarder' }) });
  }
  if (existsSync(family.deletion))
    views.push({ stage: 'deletion', view: readLedger(family.deletion, { tool: 'forwarder' }) });
  return views;
}
