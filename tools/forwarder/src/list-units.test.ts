import { describe, expect, it } from '@jest/globals';
import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import { listUnits } from './list-units.ts';

const identifiers = { patientId: 'p', studyUid: '1', seriesUid: '2', sopInstanceUid: '3' };
const stored = (id: string): StoredInstance => ({ id, seriesId: 's', size: 1, md5: 'm', identifiers });
const hollow = (id: string): StoredInstance => ({ ...stored(id), size: 0, isWithoutFile: true });

/** No Orthanc can be brought to lose a file by its routes. */
const inboxOf = (studies: Readonly<Record<string, StoredInstance[]>>) => ({
  findInstances: ({ studyId = '', seriesId }: { studyId?: string; seriesId?: string }) =>
    Promise.resolve((seriesId === undefined ? studies[studyId] : Object.values(studies).flat()) ?? []),
  resources: {
    facts: () => Promise.resolve([{ id: 's', parentId: 'whole' }]),
  },
});

const list = async (level: 'study' | 'instance', keys: readonly string[]) => {
  const inbox = inboxOf({ whole: [stored('a')], broken: [stored('b'), hollow('c')] });
  const listed = await listUnits(
    inbox as unknown as Parameters<typeof listUnits>[0],
    { level, keys },
    new AbortController().signal,
  );
  return [...listed].map(([key, { instances, fault }]) => [key, instances.map(({ id }) => id), fault?.code]);
};

describe('an instance of which the inbox has lost the file', () => {
  it('is a fault of its study, and of no other', async () => {
    expect(await list('study', ['whole', 'broken', 'gone'])).toEqual([
      ['whole', ['a'], undefined],
      ['broken', ['b'], 'INSTANCE_WITHOUT_FILE'],
      ['gone', [], undefined],
    ]);
  });

  it('is its own fault only where instances go one by one', async () => {
    expect(await list('instance', ['a', 'c'])).toEqual([
      ['a', ['a'], undefined],
      ['c', [], 'INSTANCE_WITHOUT_FILE'],
    ]);
  });
});
