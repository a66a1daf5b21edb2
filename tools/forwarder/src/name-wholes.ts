import type { ForwardContext, OutgoingUnit } from './forward-units.ts';
import type { Outgoing } from './open-route.ts';

/** How many instances each series has, by Orthanc identifier. */
export function sizesOf(instances: readonly Outgoing[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { seriesId } of instances) sizes.set(seriesId, (sizes.get(seriesId) ?? 0) + 1);
  return sizes;
}

/** What a job may be told of one unit instead of its instances. Orthanc identifiers. */
export interface Naming {
  /** The study, or some of its series. */
  readonly names: readonly string[];
  /** Of which all instances are meant by these names. */
  readonly series: readonly string[];
}

/**
 * What a job may be told of each unit: the study, or else the series, of which all goes. What comes to it until the job
 * begins travels with it, unlooked for. Where the remote can be asked, that must be known of it nevertheless: it holds
 * nothing of these series yet. Pure.
 * @returns by unit
 */
export function namingOf(
  parts: readonly OutgoingUnit[],
  newSeries: ReadonlySet<string>,
  verify: ForwardContext['verify'],
): ReadonlyMap<string, Naming> {
  const isAsked = verify !== 'none' && verify !== 'unprovable';
  return new Map(
    parts.map(({ key, instances, seriesSizes }) => {
      const series = [...sizesOf(instances)]
        .filter(([id, size]) => seriesSizes?.get(id) === size && (!isAsked || newSeries.has(id)))
        .map(([id]) => id);
      const isWhole = series.length > 0 && series.length === seriesSizes?.size;
      return [key, { names: isWhole ? [key] : series, series }];
    }),
  );
}
