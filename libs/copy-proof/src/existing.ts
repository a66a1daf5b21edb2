import type { AskedInstance, Held } from './witness.ts';

/** SOP Instance UIDs by Series Instance UID. */
export function groupBySeries(instances: readonly AskedInstance[]): Map<string, string[]> {
  const series = new Map<string, string[]>();
  for (const { seriesUid, sopInstanceUid } of instances) {
    const uids = series.get(seriesUid);
    if (uids === undefined) series.set(seriesUid, [sopInstanceUid]);
    else uids.push(sopInstanceUid);
  }
  return series;
}

/** Of the instances that were asked for, those whose UID a destination has named: nothing is known of them but that. */
export function existing(instances: readonly AskedInstance[], named: ReadonlySet<string>): Held {
  const asked = instances.filter(({ sopInstanceUid }) => named.has(sopInstanceUid));
  return new Map(asked.map(({ sopInstanceUid }) => [sopInstanceUid, [{}]]));
}
