import { aFewAtATime } from './a-few-at-a-time.ts';
import type { FoundResource, ResourceQuery } from './find-resources.ts';
import { plainUid } from './instances-of-each.ts';
import type { StudyHead } from './studies.ts';

export interface SeriesReaders {
  /** The series of several studies in one request, each with its instances; undefined where the server cannot. */
  readonly series:
    ((studyUids: readonly string[], expected: readonly string[]) => Promise<FoundResource[]>) | undefined;
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
 * The instances of each study, by Orthanc's identifiers. A study is asked for alone where not all of its series were told:
 * a server may tell fewer than it holds.
 */
export async function instanceIdsOfEach(
  heads: readonly StudyHead[],
  { series, alone }: SeriesReaders,
): Promise<Map<string, readonly string[]>> {
  const together = series === undefined ? [] : heads.filter(({ uid = '' }) => plainUid.test(uid));
  const uids = [...new Set(together.flatMap(({ uid }) => uid ?? []))];
  const expected = together.flatMap(({ seriesIds }) => seriesIds);
  const told = new Map<string, readonly string[]>();
  if (uids.length > 0)
    for (const { id, childIds } of (await series?.(uids, expected)) ?? []) told.set(id, childIds);

  const found = new Map<string, readonly string[]>();
  for (const { id, seriesIds } of together)
    if (seriesIds.length > 0 && seriesIds.every((one) => told.has(one)))
      found.set(
        id,
        seriesIds.flatMap((one) => told.get(one) ?? []),
      );
  const left = heads.filter(({ id }) => !found.has(id));
  await aFewAtATime(left, atOnce, async ({ id }) => void found.set(id, await alone(id)));
  return found;
}
