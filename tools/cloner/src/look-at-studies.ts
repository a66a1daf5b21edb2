import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import type { Lanes } from './lanes.ts';
import { type StudyView, missingIn } from './study-view.ts';

/** What both sides hold of some studies, by study, in as few requests as the servers allow. */
export async function lookAtStudies(
  studyIds: readonly string[],
  { source, destination }: Lanes,
  signal: AbortSignal,
): Promise<Map<string, StudyView>> {
  const heads = await source.studies.heads(studyIds, signal);
  const [here, there] = await Promise.all([
    source.studies.instancesOfEach(heads, signal),
    destination.studies.instancesOfEach(heads, signal),
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
    views.flatMap(({ head }) => head ?? []),
    signal,
  );
}
