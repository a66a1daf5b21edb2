import { describe, expect, it } from '@jest/globals';
import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import { listUnits } from './list-units.ts';

const identifiers = { patientId: 'p', studyUid: '1', seriesUid: '2', sopInstanceUid: '3' };
const stored = (id: string, study: string): StoredInstance => ({
  ...{ id, seriesId: `series of ${study}`, size: 1, md5: 'm', identifiers },
});
const hollow = (id: string, study: string): StoredInstance => ({
  ...stored(id, study),
  size: 0,
  isWithoutFile: true,
});

/** No Orthanc can be brought to lose a file by its routes. */
const inboxOf = (studies: Readonly<Record<string, StoredInstance[]>>) => ({
  findInstances: ({ studyUids, studyId }: { studyUids?: readonly string[]; studyId?: string }) =>
    Promise.resolve(
      Object.entries(studies).flatMap(([id, instances]) =>
        studyId === id || (studyId === undefined && studyUids?.includes(id) !== false) ? instances : [],
      ),
    ),
  resources: {
    facts: (level: string, ids: readonly string[]) =>
      Promise.resolve(
        level === 'Series'
          ? [{ id: 's', parentId: 'whole' }]
          : ids
              .filter((id) => id in studies)
              .map((id) => ({
                id,
                childIds: [`series of ${id}`],
                tags: { StudyInstanceUID: id === 'nameless' ? '' : id },
              })),
      ),
  },
});

const list = async (level: 'study' | 'instance', keys: readonly string[]) => {
  const inbox = inboxOf({
    whole: [stored('a', 'whole')],
    broken: [stored('b', 'broken'), hollow('c', 'broken')],
    nameless: [stored('d', 'nameless')],
  });
  const listed = await listUnits(
    inbox as unknown as Parameters<typeof listUnits>[0],
    { level, keys },
    new AbortController().signal,
  );
  return [...listed].map(([key, { instances, fault }]) => [key, instances.map(({ id }) => id), fault?.code]);
};

describe('what the inbox holds', () => {
  it('without its file is a fault of its study, and of no other', async () => {
    expect(await list('study', ['whole', 'broken', 'gone'])).toEqual([
      ['whole', ['a'], undefined],
      ['broken', ['b'], 'INSTANCE_WITHOUT_FILE'],
      ['gone', [], undefined],
    ]);
  });

  it('without its file is a fault of itself only where instances go one by one', async () => {
    expect(await list('instance', ['a', 'c'])).toEqual([
      ['a', ['a'], undefined],
      ['c', [], 'INSTANCE_WITHOUT_FILE'],
    ]);
  });

  it('of a study without a UID is listed too', async () => {
    expect(await list('study', ['nameless'])).toEqual([['nameless', ['d'], undefined]]);
  });
});
