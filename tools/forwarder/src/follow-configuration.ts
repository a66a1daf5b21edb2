import { createHash } from 'node:crypto';
import type { Logger } from '@orthanc-tools/telemetry';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import type { Destination, Forwarding } from './destination.ts';
import { lookAnew } from './feed-arrivals.ts';
import { type LedgerFamily, readFamily } from './ledger-family.ts';

interface Configured extends Pick<Forwarding, 'destinations' | 'retired'> {
  readonly ledger: Pick<WorkLedger, 'cursor' | 'setCursor'>;
  readonly family: LedgerFamily;
  readonly log: Logger;
}

const routes = 'routes';

/** What another configuration than that of the last run makes necessary. */
export function followConfiguration({ ledger, family, destinations, retired, log }: Configured): void {
  const now = digestOf(destinations, retired);
  const before = ledger.cursor(routes);
  if (before !== undefined && before !== now) {
    log.info('destinations.changed', { consequence: 'it is decided anew who gets what the inbox holds' });
    lookAnew(ledger);
  }
  if (before !== now) ledger.setCursor(routes, now);
  const names = new Set([...destinations.map(({ name }) => name), ...retired]);
  for (const { stage, view } of readFamily(family)) {
    using open = view;
    if (stage === 'inbox' || stage === 'deletion' || names.has(stage)) continue;
    const { waiting, inHand, setAside } = open.tally();
    const consequence =
      'what was to go there stays in the inbox until it is configured again, or named among the retired';
    log.warn('destination.unconfigured', {
      destination: stage,
      waiting: waiting + inHand,
      setAside,
      consequence,
    });
  }
}

/** Of what decides who gets what. */
function digestOf(destinations: readonly Destination[], retired: readonly string[]): string {
  const said = destinations.map(({ name, filter: { studyDescriptionPattern: pattern, ...filter } }) => ({
    name,
    ...filter,
    pattern: pattern?.source,
  }));
  return createHash('sha256')
    .update(JSON.stringify([said, retired]))
    .digest('hex');
}
