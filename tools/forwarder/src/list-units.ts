import { type Failure, permanentFailure } from '@orthanc-tools/failures';
import type { Orthanc, StoredInstance } from '@orthanc-tools/orthanc-client';
import { mapLimit } from 'async';
import type { Outgoing } from './open-route.ts';
import type { UnitLevel } from './unit.ts';

const listedAtOnce = 4;

/** What the inbox holds of a unit; nothing of one that is gone. */
export interface ListedUnit {
  readonly instances: readonly Outgoing[];
  /** Why it cannot be sent as a whole, where that is so. */
  readonly fault: Failure | undefined;
}

/**
 * What the inbox holds now of each unit, with the identifiers by which remotes know it. One request (`POST /tools/find`)
 * per study or series, also for many instances of one series.
 */
export async function listUnits(
  inbox: Pick<Orthanc, 'findInstances' | 'resources'>,
  { level, keys }: { readonly level: UnitLevel; readonly keys: readonly string[] },
  signal: AbortSignal,
): Promise<Map<string, ListedUnit>> {
  const listed = new Map(keys.map((key) => [key, listedUnit([], '')]));
  if (level === 'study')
    for (const [studyId, found] of await mapLimit([...keys], listedAtOnce, listStudy(inbox, signal)))
      listed.set(studyId, listedUnit(found, studyId));
  else
    for (const { id, parentId = '' } of await inbox.resources.facts('Series', keys, signal)) {
      const found = await inbox.findInstances({ seriesId: id, include: ['identifiers'], signal });
      if (level === 'series') listed.set(id, listedUnit(found, parentId));
      else
        for (const instance of found)
          if (listed.has(instance.id)) listed.set(instance.id, listedUnit([instance], parentId));
    }
  return listed;
}

const listStudy =
  (inbox: Pick<Orthanc, 'findInstances'>, signal: AbortSignal) =>
  // Told apart from one with a callback by the word async.
  async (studyId: string): Promise<[string, StoredInstance[]]> => [
    studyId,
    await inbox.findInstances({ studyId, include: ['identifiers'], signal }),
  ];

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
