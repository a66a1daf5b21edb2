import type { Logger } from '@orthanc-tools/telemetry';
import type { LedgerView, WorkLedger } from '@orthanc-tools/work-ledger';
import { proveAnew } from './feed-studies.ts';
import type { Lanes } from './lanes.ts';
import { statisticsIfAllowed } from './statistics-if-allowed.ts';

type Ends = Pick<Lanes, 'source' | 'destination'>;

const key = 'addresses';

/**
 * When a server is another one than before, or the destination holds less than it did, nothing that was proved is taken
 * for granted: every study is visited and proved again. Told by the addresses: Orthanc's `DatabaseServerIdentifier` is
 * made from the network interfaces of its machine too, and changes with each container that starts there.
 */
export async function rememberServers(ledger: WorkLedger, lanes: Lanes, log: Logger): Promise<void> {
  rememberAddresses(ledger, serversOf(lanes), log);
  await noticeLoss(ledger, lanes, log);
}

/** The pair, as a ledger notes it. */
export const serversOf = ({ source, destination }: Ends): string => `${source.url} ${destination.url}`;

/** The pair of the runs so far. */
export const serversInLedger = (ledger: Pick<LedgerView, 'cursor'>): string | undefined => ledger.cursor(key);

/** The same where the destination cannot be asked for what it holds. */
export function rememberAddresses(ledger: WorkLedger, servers: string, log: Logger): void {
  const before = ledger.cursor(key);
  if (before !== servers) {
    if (before !== undefined) {
      log.warn('servers.changed', {
        consequence:
          'every study of the source is proved again; what it holds no more still counts as it was proved before: another pair of servers is given a ledger of its own',
      });
      proveAnew(ledger);
    }
    ledger.setCursor(key, servers);
  }
}

/** A destination that was emptied or restored from a backup. */
async function noticeLoss(ledger: WorkLedger, lanes: Lanes, log: Logger): Promise<void> {
  const loss = await findLoss(ledger, lanes);
  if (loss === undefined) return;
  log.warn('destination.holds_less', { ...loss, consequence: 'every study is proved again' });
  proveAnew(ledger);
}

/** How much was proved and how much is held, in instances, where something must have been lost. */
export async function findLoss(
  ledger: Pick<LedgerView, 'tally'>,
  ends: Ends,
): Promise<{ readonly proved: number; readonly held: number } | undefined> {
  const proved = ledger.tally().parts;
  if (proved === 0) return undefined;
  const [source, destination] = await Promise.all([ends.source, ends.destination].map(statisticsIfAllowed));
  if (source === undefined || destination === undefined) return undefined;
  const held = destination.instances;
  return hasLost({ proved, source: source.instances, destination: held }) ? { proved, held } : undefined;
}

/**
 * Whether the destination must have lost something, in instances. One that holds as many as the source has lost nothing
 * that is still there: both may delete what is old.
 */
export const hasLost = (held: {
  readonly proved: number;
  readonly source: number;
  readonly destination: number;
}): boolean => held.destination < Math.min(held.proved, held.source);
