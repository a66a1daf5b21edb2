import type { StoredInstance, StudyHead } from '@orthanc-tools/orthanc-client';
import type { Lanes } from './lanes.ts';
import { type StudyView, missingIn } from './study-view.ts';

/** A study of which only the identifier is known. */
export const headless = (id: string): StudyHead => ({ id, uid: undefined, seriesIds: [] });

/** What both sides hold of some studies, by study, in as few requests as the servers allow. */
export async function lookAtStudies(
  studyIds: readonly string[],
  { source, destination, belongings }: Lanes,
  signal: AbortSignal,
): Promise<Map<string, StudyView>> {
  const include = belongings?.isToldWithInstances === true ? (['belongings'] as const) : undefined;
  const asking = source.studies.heads(studyIds, signal);
  // What a single study holds is asked by its identifier alone, without waiting for its head.
  const asked = studyIds.length === 1 ? studyIds.map(headless) : await asking;
  const [heads, here, there] = await Promise.all([
    asking,
    source.studies.instancesOfEach(asked, signal, include),
    destination.studies.instancesOfEach(asked, signal),
  ]);
  const known = new Map(heads.map((head) => [head.id, head]));
  return new Map(
    studyIds.map((studyId) => {
      const held = { here: here.get(studyId) ?? [], there: there.get(studyId) ?? [] };
      return [studyId, { studyId, head: known.get(studyId), ...held, missing: missingIn(held) }];
    }),
  );
}

/** What the destination holds of the studies by now, by study. */
export function lookAgain(
  views: readonly StudyView[],
  { destination }: Lanes,
  signal: AbortSignal,
): Promise<Map<string, readonly StoredInstance[]>> {
  return destination.studies.instancesOfEach(
    views.map(({ studyId, head }) => head ?? headless(studyId)),
    signal,
  );
}
