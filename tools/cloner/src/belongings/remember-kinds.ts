import type { Logger } from '@orthanc-tools/telemetry';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import { beginAnew, isListed } from '../feed-studies.ts';
import type { BelongingsWork } from './belongings-work.ts';

const cursor = 'belongings';

/** Studies that were proved when less was to travel with them are visited again. */
export function rememberKinds(ledger: WorkLedger, work: BelongingsWork | undefined, log: Logger): void {
  const kinds = [...(work?.kinds ?? [])].toSorted();
  const before = new Set((ledger.cursor(cursor) ?? '').split(','));
  const added = kinds.filter((kind) => !before.has(kind));
  if (added.length > 0 && isListed(ledger)) {
    log.info('belongings.added', { kinds: added, consequence: 'every study is visited again' });
    beginAnew(ledger);
  }
  ledger.setCursor(cursor, kinds.join(','));
}
