import { type Failure, permanentFailure } from '@orthanc-tools/failures';
import type { Orthanc, StoredInstance } from '@orthanc-tools/orthanc-client';
import type { Outgoing } from './open-route.ts';
import type { UnitLevel } from './unit.ts';

/** What the inbox holds of a unit; nothing of one that is gone. */
export interface ListedUnit {
  readonly instances: readonly Outgoing[];
  /** Why it cannot be sent as a whole, where that is so. */
  readonly fault: Failure | undefined;
}

type Inbox = Pick<Orthanc, 'findInstances' | 'resources'>;

/** What the inbox holds now of each unit, with the identifiers by which remotes know it. */
export async function listUnits(
  inbox: Inbox,
  { level, keys }: { readonly level: UnitLevel; readonly keys: readonly string[] },
  signal: AbortSignal,
): Promise<Map<string, ListedUnit>> {
  const listed = new Map(keys.map((key) => [key, listedUnit([], '')]));
  const found = level === 'study' ? listStudies(inbox, keys, signal) : listSeries(inbox, keys, signal);
  for await (const { studyId, seriesId, instances } of found) {
    if (level === 'instance') {
      for (const instance of instances)
        if (listed.has(instance.id)) listed.set(instance.id, listedUnit([instance], studyId));
    } else listed.set(level === 'study' ? studyId : seriesId, listedUnit(instances, studyId));
  }
  return listed;
}

interface Found {
  readonly studyId: string;
  readonly seriesId: string;
  readonly instances: readonly StoredInstance[];
}

/** One request (`POST /tools/find`) per series, also for many instances of it. */
async function* listSeries(inbox: Inbox, ids: readonly string[], signal: AbortSignal): AsyncGenerator<Found> {
  for (const { id, parentId = '' } of await inbox.resources.facts('Series', ids, signal)) {
    const instances = await inbox.findInstances({ seriesId: id, include: ['identifiers'], signal });
    yield { studyId: parentId, seriesId: id, instances };
  }
}

/** So many studies at once are the cheapest (see `findInstances`): alone, each costs half as much again. */
const studiesAtOnce = 10;

/** By their UIDs, of which two studies, of two patients, may have the same; one of which nothing is found so, by itself. */
async function* listStudies(
  inbox: Inbox,
  ids: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Found> {
  const studies = await inbox.resources.facts('Study', ids, signal);
  for (let from = 0; from < studies.length; from += studiesAtOnce) {
    const some = studies.slice(from, from + studiesAtOnce);
    const uids = some.map(({ tags }) => tags['StudyInstanceUID'] ?? '').filter((uid) => uid !== '');
    const found = await inbox.findInstances({
      studyUids: [...new Set(uids)],
      include: ['identifiers'],
      signal,
    });
    const ofSeries = Map.groupBy(found, ({ seriesId }) => seriesId);
    for (const { id: studyId, childIds } of some) {
      const named = childIds.flatMap((id) => ofSeries.get(id) ?? []);
      const instances =
        named.length > 0 ? named : await inbox.findInstances({ studyId, include: ['identifiers'], signal });
      yield { studyId, seriesId: '', instances };
    }
  }
}

/** Without its file there is nothing to send; its identifiers are always told when asked for. */
function listedUnit(found: readonly StoredInstance[], studyId: string): ListedUnit {
  const instances: Outgoing[] = [];
  let hollow: string | undefined;
  for (const instance of found) {
    const { identifiers } = instance;
    if (identifiers === undefined || instance.isWithoutFile) hollow ??= instance.id;
    else instances.push({ ...instance, identifiers, studyId });
  }
  return { instances, fault: hollow === undefined ? undefined : withoutFile(hollow) };
}

const withoutFile = (instance: string): Failure =>
  permanentFailure('INSTANCE_WITHOUT_FILE', 'The inbox holds an instance without its DICOM file.', {
    facts: { instance },
  });
