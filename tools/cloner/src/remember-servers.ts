import type { Logger } from '@orthanc-tools/telemetry';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import { beginAnew } from './feed-studies.ts';
import type { OpenedLanes } from './open-lanes.ts';

const key = 'servers';

/**
 * Notes in the ledger between which databases it stands. When one of them is another one than before (restored,
 * emptied, replaced), nothing that was proved is taken for granted: every study is visited and proved again.
 */
export function rememberServers(
  ledger: WorkLedger,
  { sourceFacts, destinationFacts }: OpenedLanes,
  log: Logger,
): void {
  const servers = `${sourceFacts.databaseIdentifier ?? ''} ${destinationFacts.databaseIdentifier ?? ''}`;
  const before = ledger.cursor(key);
  if (before === servers) return;
  if (before !== undefined) {
    log.warn('servers.changed', { consequence: 'every study is proved again' });
    beginAnew(ledger);
  }
  ledger.setCursor(key, servers);
}
