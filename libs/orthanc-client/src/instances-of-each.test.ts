import { describe, expect, it } from '@jest/globals';
import { instancesOfEach } from './instances-of-each.ts';
import type { StoredInstance } from './stored-instances.ts';

const instance = (id: string, seriesId: string): StoredInstance => ({
  id,
  seriesId,
  size: 1,
  md5: undefined,
});
const idsIn = (found: ReadonlyMap<string, readonly StoredInstance[]>) =>
  Object.fromEntries([...found].map(([study, instances]) => [study, instances.map(({ id }) => id)]));

describe('instancesOfEach', () => {
  it('asks once for several studies and sorts the answer by series', async () => {
    const asked: (readonly string[])[] = [];
    const found = await instancesOfEach(
      [
        { id: 'a', uid: '1.2', seriesIds: ['a1', 'a2'] },
        { id: 'b', uid: '1.3', seriesIds: ['b1'] },
      ],
      {
        together: (uids) => {
          asked.push(uids);
          return Promise.resolve([instance('1', 'b1'), instance('2', 'a2'), instance('3', 'a1')]);
        },
        alone: () => Promise.reject(new Error('not asked for')),
      },
    );
    expect(asked).toEqual([['1.2', '1.3']]);
    expect(idsIn(found)).toEqual({ a: ['2', '3'], b: ['1'] });
  });

  it('keeps two patients of one Study Instance UID apart, and leaves out a series nobody asked for', async () => {
    const asked: (readonly string[])[] = [];
    const found = await instancesOfEach(
      [
        { id: 'a', uid: '1.2', seriesIds: ['a1'] },
        { id: 'b', uid: '1.2', seriesIds: ['b1'] },
      ],
      {
        together: (uids) => {
          asked.push(uids);
          return Promise.resolve([instance('1', 'a1'), instance('2', 'b1'), instance('3', 'c1')]);
        },
        alone: () => Promise.reject(new Error('not asked for')),
      },
    );
    expect(asked).toEqual([['1.2']]);
    expect(idsIn(found)).toEqual({ a: ['1'], b: ['2'] });
  });

  it.each([undefined, '1.2\\1.3', '1.2*'])('asks alone for a study whose UID is %s', async (uid) => {
    const found = await instancesOfEach(
      [
        { id: 'a', uid, seriesIds: ['a1'] },
        { id: 'b', uid: '1.3', seriesIds: ['b1'] },
      ],
      {
        together: (uids) => Promise.resolve(uids.map(() => instance('2', 'b1'))),
        alone: (studyId) => Promise.resolve([instance(`only ${studyId}`, 'a1')]),
      },
    );
    expect(idsIn(found)).toEqual({ a: ['only a'], b: ['2'] });
  });

  it('asks one by one where the server cannot be asked for several', async () => {
    const heads = ['a', 'b'].map((id) => ({ id, uid: '1.2', seriesIds: [] }));
    const found = await instancesOfEach(heads, {
      together: undefined,
      alone: (studyId) => Promise.resolve([instance(studyId, 's')]),
    });
    expect(idsIn(found)).toEqual({ a: ['a'], b: ['b'] });
  });
});
