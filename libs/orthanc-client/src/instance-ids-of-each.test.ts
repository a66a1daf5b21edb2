import { expect, it } from '@jest/globals';
import { instanceIdsOfEach } from './instance-ids-of-each.ts';

const head = (id: string, uid: string, ...seriesIds: string[]) => ({ id, uid, seriesIds });
const held: Readonly<Record<string, readonly string[]>> = { a1: ['i1', 'i2'], a2: ['i3'], b1: ['i4'] };

/** A server that tells these series, and writes down who is asked for alone. */
function telling(...series: string[]) {
  const asked: string[] = [];
  const readers = {
    series: () =>
      Promise.resolve(series.map((id) => ({ id, parentId: undefined, tags: {}, childIds: held[id] ?? [] }))),
    alone: (id: string) => {
      asked.push(id);
      return Promise.resolve([`${id} alone`]);
    },
  };
  return { asked, readers };
}

it('tells the instances of several studies by their series', async () => {
  const { asked, readers } = telling('a1', 'a2', 'b1');
  const found = await instanceIdsOfEach([head('a', '1.2', 'a1', 'a2'), head('b', '1.2', 'b1')], readers);
  expect(Object.fromEntries(found)).toEqual({ a: ['i1', 'i2', 'i3'], b: ['i4'] });
  expect(asked).toEqual([]);
});

it.each([
  ['of which not all series are told', head('a', '1.2', 'a1', 'a2')],
  ['without series', head('a', '1.2')],
  ['whose UID is a pattern', head('a', '1.*', 'a1')],
  ['without a UID', head('a', '', 'a1')],
])('asks for a study %s alone', async (_what, study) => {
  const { asked, readers } = telling('a1', 'b1');
  const found = await instanceIdsOfEach([study, head('b', '1.3', 'b1')], readers);
  expect(Object.fromEntries(found)).toEqual({ a: ['a alone'], b: ['i4'] });
  expect(asked).toEqual(['a']);
});

it('asks for each alone where the server cannot be asked for several', async () => {
  const { readers } = telling();
  const found = await instanceIdsOfEach([head('a', '1.2', 'a1')], { ...readers, series: undefined });
  expect(Object.fromEntries(found)).toEqual({ a: ['a alone'] });
});
