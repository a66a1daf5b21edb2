import type { Orthanc, ResourceFacts } from '@orthanc-tools/orthanc-client';
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
  readonly keys: readonly string[];
  readonly ledger: Pick<WorkLedger, 'remember' | 'remembered'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** No series: Orthanc's identifiers hold digits, letters a to f and dashes only. */
export const sightingPart = 'seen';

/**
 * Whether studies or series are still arriving, by Orthanc's own words; what is not there is left out.
 * When the last instance came is told by our own clock, from when we first saw that: Orthanc writes `LastUpdate` in its
 * own time zone. One request for all.
 */
export async function readArrivalFacts(
  inbox: Orthanc,
  { level, keys, ledger, clock, signal }: Arrival,
): Promise<Map<string, ArrivalFacts & { readonly resource: ResourceFacts }>> {
  const asked = new Set(keys);
  const found = await inbox.resources.facts(level === 'study' ? 'Study' : 'Series', keys, signal);
  // A unit of another level, from before `--trigger` was changed, is told by what it belongs to or holds: that is entered by itself.
  const known = found.filter(({ id }) => asked.has(id));
  return new Map(
    known.map((resource) => {
      const { id, isStable, lastUpdate = '' } = resource;
      const lastSeen = noteSighting(id, lastUpdate, { ledger, clock });
      return [id, { isStable: isStable === true, lastUpdate: lastSeen, resource }];
    }),
  );
}

/** @returns when we first saw it as it is now, ms since 1970 */
function noteSighting(
  key: string,
  lastUpdate: string,
  { ledger, clock }: Pick<Arrival, 'ledger' | 'clock'>,
): number {
  const seen = readSighting(ledger, key);
  if (seen?.lastUpdate === lastUpdate) return seen.at;
  const at = clock.now().getTime();
  ledger.remember(key, [{ part: sightingPart, note: JSON.stringify({ lastUpdate, at }) }]);
  return at;
}

function readSighting(ledger: Pick<WorkLedger, 'remembered'>, key: string): Sighting | undefined {
  // The only part that sorts after every identifier.
  const [found] = ledger.remembered(key, { limit: 1, after: 'g' });
  return found === undefined ? undefined : (JSON.parse(found.note) as Sighting);
}
