import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { SampleFile } from './measure-reading.ts';

export interface StudyCount {
  /** What a run would copy. */
  readonly missing: readonly SampleFile[];
  readonly alreadyThere: number;
}

export interface CountedEnds {
  readonly source: Orthanc;
  /** Undefined where it cannot be asked: then all is missing there. */
  readonly destination: Orthanc | undefined;
  /** The source tells the sizes of many files at once. */
  readonly tellsSizes: boolean;
  readonly signal: AbortSignal;
}

/** What of some studies the destination lacks. Sizes are asked for only where something is missing. */
export async function countStudies(
  studyIds: readonly string[],
  { source, destination, tellsSizes, signal }: CountedEnds,
): Promise<StudyCount[]> {
  const [here, there] = await Promise.all([
    instancesIn(studyIds, source, signal),
    destination && instancesIn(studyIds, destination, signal),
  ]);
  const counted = studyIds.map((studyId) => {
    const held = [...(here.get(studyId) ?? [])];
    return { studyId, held: held.length, lacking: held.filter((id) => !there?.get(studyId)?.has(id)) };
  });
  const asked = counted.filter(({ lacking }) => lacking.length > 0).map(({ studyId }) => studyId);
  const sizes = tellsSizes ? await sizesIn(asked, source, signal) : new Map<string, number>();
  return counted.map(({ held, lacking }) => ({
    missing: lacking.map((id) => ({ id, size: sizes.get(id) })),
    alreadyThere: held - lacking.length,
  }));
}

/** Identifiers of the instances of each study, by what the server says of its series. */
async function instancesIn(
  studyIds: readonly string[],
  orthanc: Orthanc,
  signal: AbortSignal,
): Promise<Map<string, Set<string>>> {
  const found = new Map(studyIds.map((id) => [id, new Set<string>()]));
  for (const { parentId, childIds } of await orthanc.resources.facts('Series', studyIds, signal))
    for (const id of childIds) found.get(parentId ?? '')?.add(id);
  return found;
}

async function sizesIn(
  studyIds: readonly string[],
  { studies }: Orthanc,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const held = await studies.instancesOfEach(await studies.heads(studyIds, signal), signal);
  return new Map([...held.values()].flatMap((instances) => instances.map(({ id, size }) => [id, size])));
}
