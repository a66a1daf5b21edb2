import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Clock } from '@orthanc-tools/scheduling';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import type { ArrivalFacts } from './judge-readiness.ts';
import type { UnitLevel } from './unit.ts';

interface Sighting {
  /** As Orthanc writes it. */
  readonly lastUpdate: string;
  /** When we saw it first, ms since 1970. */
  readonly at: number;
}

interface Arrival {
  readonly level: Exclude<UnitLevel, 'instance'>;
  readonly key: string;
  readonly ledger: Pick<WorkLedger, 'remember' | 'remembered'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** No series: Orthanc's identifiers hold digits, letters a to f and dashes only. */
export const sightingPart = 'seen';

/**
 * Whether a study or series is still arriving, by Orthanc's own words; undefined when it is not there. When its last
 * instance came is told by our own clock, from when we first saw that: Orthanc writes `LastUpdate` in its own time zone.
 */
export async function readArrivalFacts(inbox: Orthanc, arrival: Arrival): Promise<ArrivalFacts | undefined> {
  const { level, key, ledger, clock, signal } = arrival;
  const [facts] = await inbox.resources.facts(level === 'study' ? 'Study' : 'Series', [key], signal);
  if (facts === undefined) return undefined;
  const lastUpdate = facts.lastUpdate ?? '';
  let seen = readSighting(ledger, key);
  if (seen?.lastUpdate !== lastUpdate) {
    seen = { lastUpdate, at: clock.now().getTime() };
    ledger.remember(key, [{ part: sightingPart, note: JSON.stringify(seen) }]);
  }
  return { isStable: facts.isStable === true, lastUpdate: seen.at };
}

function readSighting(ledger: Pick<WorkLedger, 'remembered'>, key: string): Sighting | undefined {
  // The only part that sorts after every identifier.
  const [found] = ledger.remembered(key, { limit: 1, after: 'g' });
  return found === undefined ? undefined : (JSON.parse(found.note) as Sighting);
}
