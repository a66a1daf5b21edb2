import { sideBySide } from '@orthanc-tools/failures';
import type { FoundResource, ResourceQuery } from './find-resources.ts';
import { plainUid } from './instances-of-each.ts';

/** A study of which it is known how much it held. */
export interface CountedStudy {
  /** Orthanc's identifier. */
  readonly id: string;
  /** Study Instance UID (0020,000D); may be empty. */
  readonly uid: string;
  readonly instances: number;
}

export interface SeriesReaders {
  /** The series of several studies in one request, each with its instances; undefined where the server cannot. */
  readonly series:
    | ((
        studyUids: readonly string[],
        suffices: NonNullable<ResourceQuery['suffices']>,
      ) => Promise<readonly FoundResource[]>)
    | undefined;
  alone(studyId: string): Promise<string[]>;
}

/** Asks for the series of studies, each with its instances. */
export const seriesOf = (studyUids: readonly string[]): ResourceQuery => ({
  level: 'Series',
  match: { StudyInstanceUID: studyUids.join('\\') },
  tell: [],
  withChildren: true,
  isLean: true,
});

const atOnce = 8;

/**
 * The instances of each study, by Orthanc's identifiers. A study is asked for alone where not as many are told of it as it
 * held: something has come or gone, or the server tells fewer than it holds.
 */
export async function instanceIdsOfEach(
  studies: readonly CountedStudy[],
  { series, alone }: SeriesReaders,
): Promise<Map<string, readonly string[]>> {
  const together = series === undefined ? [] : studies.filter(({ uid }) => plainUid.test(uid));
  const uids = [...new Set(together.map(({ uid }) => uid))];
  const areWhole = (told: readonly FoundResource[]) => {
    const held = heldIn(told);
    return together.every((study) => isWhole(study, held));
  };
  const held = heldIn(uids.length === 0 ? [] : ((await series?.(uids, areWhole)) ?? []));

  const found = new Map<string, readonly string[]>();
  for (const study of together) if (isWhole(study, held)) found.set(study.id, held.get(study.id) ?? []);
  const left = studies.filter(({ id }) => !found.has(id));
  await sideBySide(left, atOnce, async ({ id }) => void found.set(id, await alone(id)));
  return found;
}

/** By the study to which the series belong. */
function heldIn(series: readonly FoundResource[]): Map<string | undefined, readonly string[]> {
  const byStudy = Map.groupBy(series, ({ parentId }) => parentId);
  return new Map([...byStudy].map(([id, all]) => [id, all.flatMap(({ childIds }) => childIds)]));
}

const isWhole = (
  { id, instances }: CountedStudy,
  held: ReadonlyMap<string | undefined, readonly string[]>,
): boolean => held.get(id)?.length === instances;
