import { describe, expect, it } from '@jest/globals';
import { type HeldHere, type Proved, planDeletion } from './plan-deletion.ts';

const here = (id: string, md5: string | undefined = `md5 of ${id}`, seriesId = 'series'): HeldHere => ({
  id,
  seriesId,
  md5,
  size: 10,
});
const there = (...ids: string[]) =>
  new Map(ids.map((id): [string, Proved] => [id, { proof: 'id+md5', md5: `md5 of ${id}`, size: 10 }]));

const idsOf = (request: Parameters<typeof planDeletion>[0]) => {
  const { deletable, waiting, unwanted } = planDeletion(request);
  const ids = (instances: readonly HeldHere[]) => instances.map(({ id }) => id);
  return { deletable: ids(deletable), waiting: ids(waiting), unwanted: ids(unwanted) };
};

describe('what may be deleted', () => {
  const wanted = new Map([['series', ['pacs', 'archive']]]);

  it('is what was proved at every destination', () => {
    const proved = new Map([
      ['pacs', there('a', 'b')],
      ['archive', there('b')],
    ]);
    expect(idsOf({ held: [here('a'), here('b')], wanted, proved })).toEqual({
      deletable: ['b'],
      waiting: ['a'],
      unwanted: [],
    });
  });

  it('is nothing that a destination has said nothing about', () => {
    const proved = new Map([['pacs', there('a')]]);
    expect(idsOf({ held: [here('a')], wanted, proved }).deletable).toEqual([]);
  });

  it('is nothing that was replaced after it was proved', () => {
    const proved = new Map([
      ['pacs', there('a')],
      ['archive', there('a')],
    ]);
    expect(idsOf({ held: [here('a', 'another')], wanted, proved }).deletable).toEqual([]);
    expect(idsOf({ held: [{ ...here('a'), size: 11 }], wanted, proved }).deletable).toEqual([]);
  });

  it('is nothing that was replaced by a file of the same length, where the inbox keeps no MD5', () => {
    const file = { proof: 'id', md5: undefined, size: 10, fileUuid: 'u' };
    const proved = new Map(['pacs', 'archive'].map((name) => [name, new Map([['a', file]])]));
    const unhashed = { id: 'a', seriesId: 'series', md5: undefined, size: 10 };
    const held = (fileUuid: string) => [{ ...unhashed, fileUuid }];
    expect(idsOf({ held: held('u'), wanted, proved }).deletable).toEqual(['a']);
    expect(idsOf({ held: held('v'), wanted, proved }).deletable).toEqual([]);
  });

  it('is nothing of a series of which it was never said who wants it', () => {
    const proved = new Map([
      ['pacs', there('a')],
      ['archive', there('a')],
    ]);
    const late = here('a', undefined, 'another series');
    expect(idsOf({ held: [late], wanted, proved })).toEqual({ deletable: [], waiting: ['a'], unwanted: [] });
  });

  it('is nothing that nobody wants', () => {
    const nobody = new Map([['series', []]]);
    expect(idsOf({ held: [here('a')], wanted: nobody, proved: new Map() })).toEqual({
      deletable: [],
      waiting: [],
      unwanted: ['a'],
    });
  });
});
