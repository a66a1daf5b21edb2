import type { StoredInstance } from './stored-instances.ts';
import type { StudyHead } from './studies.ts';

export interface InstanceReaders {
  /** By several Study Instance UIDs in one request; undefined where the server cannot. */
  readonly together: ((studyUids: readonly string[]) => Promise<StoredInstance[]>) | undefined;
  alone(studyId: string): Promise<StoredInstance[]>;
}

/** What means nothing but itself in a list of UIDs, where an Orthanc takes others for patterns or several. */
export const plainUid = /^[0-9.]+$/;

/**
 * What a server holds of each study, by the Orthanc identifier of the study. The heads may come from another Orthanc:
 * both compute the same identifiers. Two studies of one UID (of two patients) are told apart by their series.
 */
export async function instancesOfEach(
  heads: readonly StudyHead[],
  { together, alone }: InstanceReaders,
): Promise<Map<string, readonly StoredInstance[]>> {
  const found = new Map<string, StoredInstance[]>();
  const studyOfSeries = new Map<string, string>();
  const uids = new Set<string>();
  for (const { id, uid, seriesIds } of heads) {
    if (together === undefined || heads.length < 2 || uid === undefined || !plainUid.test(uid)) {
      found.set(id, await alone(id));
      continue;
    }
    uids.add(uid);
    found.set(id, []);
    for (const seriesId of seriesIds) studyOfSeries.set(seriesId, id);
  }
  if (together === undefined || uids.size === 0) return found;
  for (const instance of await together([...uids])) {
    const studyId = studyOfSeries.get(instance.seriesId);
    if (studyId !== undefined) found.get(studyId)?.push(instance);
  }
  return found;
}
