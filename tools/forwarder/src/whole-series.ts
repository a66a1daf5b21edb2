import type { ForwardContext, OutgoingUnit } from './forward-units.ts';
import type { Outgoing } from './open-route.ts';

/** How many instances each series has, by Orthanc identifier. */
export function sizesOf(instances: readonly Outgoing[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { seriesId } of instances) sizes.set(seriesId, (sizes.get(seriesId) ?? 0) + 1);
  return sizes;
}

/**
 * Which series of each unit a job may name: those of which all goes. What comes to one until the job begins travels with
 * it, unlooked for. Where the remote can be asked, that must be known of it nevertheless: it holds nothing of the series
 * yet. Pure.
 * @returns Orthanc identifiers, by unit
 */
export function seriesToName(
  parts: readonly OutgoingUnit[],
  newSeries: ReadonlySet<string>,
  verify: ForwardContext['verify'],
): ReadonlyMap<string, readonly string[]> {
  const isAsked = verify !== 'none' && verify !== 'unprovable';
  return new Map(
    parts.map(({ key, instances, seriesSizes }) => [
      key,
      [...sizesOf(instances)]
        .filter(([id, size]) => seriesSizes?.get(id) === size && (!isAsked || newSeries.has(id)))
        .map(([id]) => id),
    ]),
  );
}
