import { expect, it } from '@jest/globals';
import { type SeriesReaders, instanceIdsOfEach } from './instance-ids-of-each.ts';

const study = (id: string, uid: string, instances: number) => ({ id, uid, instances });
const held = [
  { id: 'a1', parentId: 'a', childIds: ['i1', 'i2'], tags: {} },
  { id: 'a2', parentId: 'a', childIds: ['i3'], tags: {} },
  { id: 'b1', parentId: 'b', childIds: ['i4'], tags: {} },
];

/** A server that tells these series one by one until they suffice, and writes down what was told and who was asked for alone. */
function telling(...ids: string[]) {
  const asked = { alone: [] as string[], told: [] as string[] };
  const readers: SeriesReaders = {
    series: (_uids, suffices) => {
      const told: typeof held = [];
      for (const series of held.filter(({ id }) => ids.includes(id))) {
        told.push(series);
        asked.told.push(series.id);
        if (suffices(told)) break;
      }
      return Promise.resolve(told);
    },
    alone: (id) => {
      asked.alone.push(id);
      return Promise.resolve([`${id} alone`]);
    },
  };
  return { asked, readers };
}

it('tells the instances of several studies by their series', async () => {
  const { asked, readers } = telling('a1', 'a2', 'b1');
  const found = await instanceIdsOfEach([study('a', '1.2', 3), study('b', '1.2', 1)], readers);
  expect(Object.fromEntries(found)).toEqual({ a: ['i1', 'i2', 'i3'], b: ['i4'] });
  expect(asked.alone).toEqual([]);
});

it('asks no further once all are told', async () => {
  const { asked, readers } = telling('a1', 'a2', 'b1');
  await instanceIdsOfEach([study('a', '1.2', 3)], readers);
  expect(asked).toEqual({ alone: [], told: ['a1', 'a2'] });
});

it.each([
  ['of which fewer are told', study('a', '1.2', 3), ['a1', 'b1']],
  ['of which more are told', study('a', '1.2', 2), ['a1', 'a2', 'b1']],
  ['of which nothing is told', study('a', '1.2', 3), ['b1']],
  ['whose UID is a pattern', study('a', '1.*', 3), ['a1', 'a2', 'b1']],
  ['without a UID', study('a', '', 3), ['a1', 'a2', 'b1']],
])('asks for a study %s alone', async (_what, odd, told) => {
  const { asked, readers } = telling(...told);
  const found = await instanceIdsOfEach([odd, study('b', '1.3', 1)], readers);
  expect(Object.fromEntries(found)).toEqual({ a: ['a alone'], b: ['i4'] });
  expect(asked.alone).toEqual(['a']);
});

it('asks for each alone where the server cannot be asked for several', async () => {
  const { readers } = telling();
  const found = await instanceIdsOfEach([study('a', '1.2', 1)], { ...readers, series: undefined });
  expect(Object.fromEntries(found)).toEqual({ a: ['a alone'] });
});
