import { describe, expect, it } from '@jest/globals';
import { type Find, findAll } from './find-all.ts';

const held = Array.from({ length: 130 }, (_, n) => `1.${String(n)}`);
const wanted = [...held, '2.1', '2.2'];

interface Manner {
  readonly cap?: number;
  readonly understandsLists?: boolean;
}

/** A modality of a certain manner, and how often it was asked. */
function modality({ cap = Infinity, understandsLists = true }: Manner = {}) {
  const asked: number[] = [];
  const find: Find = (uids = []) => {
    asked.push(uids.length);
    if (uids.length > 1 && !understandsLists) return Promise.resolve([]);
    const matching = uids.length === 0 ? held : held.filter((uid) => uids.includes(uid));
    return Promise.resolve(matching.slice(0, cap));
  };
  return { find, asked };
}

describe('everything that a modality holds is found', () => {
  it.each<[string, Manner]>([
    ['one that tells all', {}],
    ['one that caps its answers at 100', { cap: 100 }],
    ['one that caps its answers at 2', { cap: 2 }],
    ['one that understands no lists', { cap: 100, understandsLists: false }],
  ])('%s', async (_, manner) => {
    const found = await findAll(wanted, modality(manner).find);
    expect([...found].toSorted()).toEqual(held.toSorted());
  });

  it('with two questions where it tells all', async () => {
    const { find, asked } = modality();
    await findAll(wanted, find);
    expect(asked).toEqual([0, 3]);
  });

  it('with one question where it holds nothing', async () => {
    let questions = 0;
    await findAll(wanted, () => {
      questions += 1;
      return Promise.resolve([]);
    });
    expect(questions).toBe(1);
  });
});
