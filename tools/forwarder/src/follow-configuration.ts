import { createHash } from 'node:crypto';
import type { Logger } from '@orthanc-tools/telemetry';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import type { Forwarding } from './destination.ts';
import type { OpenDestination } from './open-destination.ts';
import { lookAnew } from './feed-arrivals.ts';
import type { Hooks } from './hooks/use-hooks.ts';
import { type LedgerFamily, readFamily } from './ledger-family.ts';
import type { UnitLevel } from './unit.ts';

interface Ordered extends Pick<Forwarding, 'profiles' | 'retired'> {
  readonly destinations: readonly OpenDestination[];
  /** By which keys units are known: what waits under one of another level is nothing any more. */
  readonly level: UnitLevel;
  readonly hooks: Hooks | undefined;
}

interface Configured extends Ordered {
  readonly ledger: Pick<WorkLedger, 'cursor' | 'setCursor'>;
  readonly family: LedgerFamily;
  readonly log: Logger;
}

const routes = 'routes';
const serial = 'configurations';

/** Of how many configurations that this ledger has seen the present one is the last; the first one is 0. */
export const serialOf = (ledger: Pick<WorkLedger, 'cursor'>): number => Number(ledger.cursor(serial) ?? 0);

/** What another configuration than that of the last run makes necessary. */
export function followConfiguration({ ledger, family, log, ...ordered }: Configured): void {
  const { destinations, retired } = ordered;
  const now = digestOf(ordered);
  const before = ledger.cursor(routes);
  if (before !== undefined && before !== now) {
    log.info('destinations.changed', { consequence: 'it is decided anew who gets what the inbox holds' });
    lookAnew(ledger);
    ledger.setCursor(serial, String(serialOf(ledger) + 1));
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

/** Of what decides who gets what, in which units, in which form, and by which proof. */
function digestOf({ destinations, profiles, retired, level, hooks }: Ordered): string {
  const said = destinations.map((destination) => {
    const { name, verify, transcode, profile, filter, ways } = destination;
    const { studyDescriptionPattern: pattern, ...others } = filter;
    return {
      ...{ name, verify, transcode, ...others, pattern: pattern?.source },
      profile: profile === undefined ? undefined : profiles.get(profile),
      places: ways.map(({ place }) => place),
    };
  });
  const asked = (['filterStudy', 'filterInstance', 'processInstance'] as const).filter(
    (name) => hooks?.[name] !== undefined,
  );
  return createHash('sha256')
    .update(JSON.stringify([said, retired, level, asked]))
    .digest('hex');
}
