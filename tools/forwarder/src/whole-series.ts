import type { OutgoingUnit, ForwardContext } from './forward-units.ts';
import type { Outgoing } from './open-route.ts';
import { type StudyState, unchangedStudies } from './unchanged-studies.ts';

/** A study as the inbox held it when it was listed. */
export interface WholeStudy extends StudyState {
  /** Instances of each series, by Orthanc identifier. */
  readonly seriesSizes: ReadonlyMap<string, number>;
}

export const wholeStudy = (state: StudyState, instances: readonly Outgoing[]): WholeStudy => ({
  ...state,
  seriesSizes: countBySeries(instances),
});

function countBySeries(instances: readonly Outgoing[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { seriesId } of instances) counts.set(seriesId, (counts.get(seriesId) ?? 0) + 1);
  return counts;
}

type Asking = Pick<ForwardContext, 'inbox' | 'route' | 'verify' | 'signal'>;

/**
 * Which series of each unit a job may name: all that the inbox holds of them is to go, and nothing has come to their study
 * since. What comes within the moment until the job begins travels with them, unlooked for. Where what was there before
 * decides whether it is proved, that must be known of it nevertheless: only series of which the remote held nothing are named.
 * @returns by unit, without those that have none
 */
export async function seriesToName(
  parts: readonly OutgoingUnit[],
  newSeries: ReadonlySet<string>,
  { inbox, route, verify, signal }: Asking,
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (!route.namesSeries) return new Map();
  const candidates = new Map(parts.map((part) => [part.key, wholeSeriesOf(part)] as const));
  for (const [key, series] of candidates) {
    const allowed = verify === 'image' ? series.filter((id) => newSeries.has(id)) : series;
    if (allowed.length > 0) candidates.set(key, allowed);
    else candidates.delete(key);
  }
  const unchanged = await unchangedStudies(inbox, statesOf(parts, candidates), signal);
  return new Map([...candidates].filter(([key]) => unchanged.has(key)));
}

const wholeSeriesOf = ({ instances, whole }: OutgoingUnit): string[] =>
  [...countBySeries(instances)].flatMap(([id, count]) => (whole?.seriesSizes.get(id) === count ? [id] : []));

const statesOf = (
  parts: readonly OutgoingUnit[],
  among: ReadonlyMap<string, unknown>,
): Map<string, StudyState> =>
  new Map(parts.flatMap(({ key, whole }) => (whole !== undefined && among.has(key) ? [[key, whole]] : [])));

/** Units to which something has come since they were listed: it may have travelled with a series that was named. */
export async function grownUnits(
  parts: readonly OutgoingUnit[],
  named: ReadonlyMap<string, unknown>,
  { inbox, signal }: Pick<Asking, 'inbox' | 'signal'>,
): Promise<OutgoingUnit[]> {
  const states = statesOf(parts, named);
  const unchanged = await unchangedStudies(inbox, states, signal);
  return parts.filter(({ key }) => states.has(key) && !unchanged.has(key));
}
