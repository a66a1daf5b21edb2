import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readMade, untilProved } from './read-made.ts';

const pieces = ['one', 'two', 'three'].map((text) => Buffer.from(text));
async function* flow(of: readonly Buffer[] = pieces) {
  for (const piece of of) yield await Promise.resolve(piece);
}
const md5 = createHash('md5').update('onetwothree').digest('hex');

describe('a file that is made twice', () => {
  it('is read without being kept', async () => {
    const large = Array.from({ length: 3 }, () => Buffer.alloc(700_000, 1));
    const { size, head, pieces: kept } = await readMade({ body: flow(large) }, false);
    expect([size, head.length, kept]).toEqual([2_100_000, 1_048_576, undefined]);
    expect(await readMade({ body: flow() }, true)).toMatchObject({ md5, size: 11, pieces });
  });

  it('comes to its end when it is the same', async () => {
    const came: Buffer[] = [];
    for await (const piece of untilProved({ body: flow() }, { md5, size: 11 })) came.push(piece);
    expect(came).toEqual(pieces);
  });

  it.each([
    [[...pieces.slice(0, 2), Buffer.from('THREE')]],
    [pieces.slice(0, 2)],
    [[Buffer.from('ONETWOTHREE')]],
    [[]],
  ])('is broken off before its last piece when it is another', async (other) => {
    const came: Buffer[] = [];
    const read = async () => {
      for await (const piece of untilProved({ body: flow(other) }, { md5, size: 11 })) came.push(piece);
    };
    await expect(read()).rejects.toMatchObject({ kind: 'transient', code: 'CHANGED_OTHERWISE' });
    expect(came.length).toBeLessThan(Math.max(1, other.length));
  });
});
