import { permanentFailure } from '@orthanc-tools/failures';
import type { Orthanc, StoredInstance } from '@orthanc-tools/orthanc-client';
import { mapLimit } from 'async';
import type { Outgoing } from './open-route.ts';
import type { UnitLevel } from './unit.ts';

const listedAtOnce = 4;

/**
 * What the inbox holds now of each unit, with the identifiers by which remotes know it; nothing of a unit that is gone.
 * One request (`POST /tools/find`) per study or series, also for many instances of one series.
 */
export async function listUnits(
  inbox: Orthanc,
  { level, keys }: { readonly level: UnitLevel; readonly keys: readonly string[] },
  signal: AbortSignal,
): Promise<Map<string, Outgoing[]>> {
  const listed = new Map<string, Outgoing[]>(keys.map((key) => [key, []]));
  if (level === 'instance') {
    for (const series of await inbox.resources.facts('Series', keys, signal))
      for (const instance of await listSeries(inbox, series, signal))
        if (listed.has(instance.id)) listed.set(instance.id, [instance]);
  } else if (level === 'series')
    for (const series of await inbox.resources.facts('Series', keys, signal))
      listed.set(series.id, await listSeries(inbox, series, signal));
  else
    for (const [studyId, instances] of await mapLimit([...keys], listedAtOnce, listStudy(inbox, signal)))
      listed.set(studyId, instances);
  return listed;
}

const listStudy =
  (inbox: Orthanc, signal: AbortSignal) =>
  // Told apart from one with a callback by the word async.
  async (studyId: string): Promise<[string, Outgoing[]]> => {
    const found = await inbox.findInstances({ studyId, include: ['identifiers'], signal });
    return [studyId, found.map((instance) => identified(instance, studyId))];
  };

async function listSeries(
  inbox: Orthanc,
  { id, parentId = '' }: { readonly id: string; readonly parentId: string | undefined },
  signal: AbortSignal,
): Promise<Outgoing[]> {
  const found = await inbox.findInstances({ seriesId: id, include: ['identifiers'], signal });
  return found.map((instance) => identified(instance, parentId));
}

/** Without its file there is nothing to send; its identifiers are always told when asked for. */
function identified(instance: StoredInstance, studyId: string): Outgoing {
  const { identifiers } = instance;
  if (identifiers === undefined || instance.isWithoutFile)
    throw permanentFailure('INSTANCE_WITHOUT_FILE', 'The inbox holds an instance without its DICOM file.', {
      facts: { instance: instance.id },
    });
  return { ...instance, identifiers, studyId };
}
