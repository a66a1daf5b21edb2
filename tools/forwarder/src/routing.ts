import { type LedgerView, type WorkLedger, eachRemembered } from '@orthanc-tools/work-ledger';
import { sightingPart } from './arrival-facts.ts';
import type { Destination } from './destination.ts';
import type { SeriesFacts } from './wants-series.ts';
import { wantsSeries } from './wants-series.ts';

/** Series of a unit, and instances that differ from their series → names of the destinations that want it. */
export type Routing = ReadonlyMap<string, readonly string[]>;

/** Neither series nor instance: Orthanc's identifiers hold digits, letters a to f and dashes only. */
const [beforeSerial, serialPart] = ['configuratio', 'configuration'];

const isOfUnit = (part: string): boolean => part === sightingPart || part === serialPart;

interface Routed {
  readonly id: string;
  readonly seriesId: string;
}

/** Names of the destinations that want an instance; undefined while nobody has said yet. */
export const wantedBy = (routing: Routing, { id, seriesId }: Routed): readonly string[] | undefined =>
  routing.get(id) ?? routing.get(seriesId);

/** Who wants what of a unit. Pure. */
export function routeSeries(
  facts: ReadonlyMap<string, SeriesFacts>,
  destinations: readonly Pick<Destination, 'name' | 'filter'>[],
): Routing {
  const wanting = (series: SeriesFacts) =>
    destinations.filter(({ filter }) => wantsSeries(filter, series)).map(({ name }) => name);
  return new Map([...facts].map(([id, series]) => [id, wanting(series)]));
}

/** By what it is decided. */
interface Configuration {
  /** Of how many that this ledger has seen it is the last. */
  readonly serial: number;
  /** Names. */
  readonly destinations: readonly string[];
}

interface Deciding {
  readonly routing: Routing;
  readonly instances: readonly Routed[];
  readonly configuration: Configuration;
}

interface Decided {
  readonly routing: Routing;
  /** Destinations that were to have something of it, and are not any more. */
  readonly withdrawnFrom: readonly string[];
}

/**
 * Kept in the inbox's ledger, durable once that is flushed. Once a destination was to have a series, it is: a label that is taken
 * away later must not make a deletion possible without it. What another configuration has decided counts no more, but for
 * destinations of which this one says nothing.
 */
export function rememberRouting(
  ledger: Pick<WorkLedger, 'remember' | 'remembered' | 'forget'>,
  key: string,
  { routing, instances, configuration }: Deciding,
): Decided {
  const { serial, destinations } = configuration;
  const known = readRouting(ledger, key);
  const isSame = decidedUnder(ledger, key) === serial;
  const before = isSame ? known : amongNames(known, (name) => !destinations.includes(name));
  const merged = new Map(routing);
  const add = (id: string, names: readonly string[] = []) => {
    merged.set(id, [...new Set([...names, ...(merged.get(id) ?? [])])]);
  };
  // An instance that differed from its series once may do so no longer.
  for (const instance of instances)
    if (before.has(instance.id)) merged.set(instance.id, wantedBy(routing, instance) ?? []);
  for (const id of merged.keys()) add(id, before.get(id));
  // What was decided for a series as a whole holds for what it consisted of, and for nothing that comes once each is asked for.
  const split = instances.filter(({ seriesId }) => before.has(seriesId) && !routing.has(seriesId));
  for (const { id, seriesId } of split) if (!before.has(id)) add(id, before.get(seriesId));
  ledger.remember(key, [
    ...[...merged].map(([part, names]) => ({ part, note: JSON.stringify(names) })),
    ...(isSame ? [] : [{ part: serialPart, note: String(serial) }]),
  ]);
  ledger.forget(
    key,
    split.map(({ seriesId }) => seriesId),
  );
  return { routing: merged, withdrawnFrom: isSame ? [] : fewer(known, merged, instances) };
}

/** Of those who want something, these only. */
export const amongNames = (routing: Routing, isMeant: (name: string) => boolean): Routing =>
  new Map([...routing].map(([id, wanting]) => [id, wanting.filter(isMeant)]));

/** Who had something before that is wanted no more. */
function fewer(before: Routing, now: Routing, instances: readonly Routed[]): readonly string[] {
  const all = instances.length > 0 ? instances : [...now.keys()].map((id) => ({ id, seriesId: id }));
  const lost = all.flatMap((one) => {
    const left = wantedBy(now, one);
    return (wantedBy(before, one) ?? []).filter((name) => left?.includes(name) !== true);
  });
  return [...new Set(lost)].toSorted();
}

/** By which configuration it was decided; 0 by the first one. */
export function decidedUnder(ledger: Pick<LedgerView, 'remembered'>, key: string): number {
  const [found] = ledger.remembered(key, { limit: 1, after: beforeSerial });
  return found?.part === serialPart ? Number(found.note) : 0;
}

export function readRouting(ledger: Pick<LedgerView, 'remembered'>, key: string): Routing {
  const routing = new Map<string, readonly string[]>();
  for (const { part, note } of eachRemembered(ledger, key))
    if (!isOfUnit(part)) routing.set(part, JSON.parse(note) as string[]);
  return routing;
}

/** The same record without destinations that were taken out of service. */
export function withoutRetired(
  ledger: Pick<LedgerView, 'remembered'>,
  retired: readonly string[],
): Pick<LedgerView, 'remembered'> {
  if (retired.length === 0) return ledger;
  const names = new Set(retired);
  return {
    remembered: (key, page) =>
      ledger.remembered(key, page).map(({ part, note }) => {
        if (isOfUnit(part)) return { part, note };
        const left = (JSON.parse(note) as string[]).filter((name) => !names.has(name));
        return { part, note: JSON.stringify(left) };
      }),
  };
}
