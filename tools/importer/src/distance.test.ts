import { describe, expect, it } from '@jest/globals';
import { distanceTo } from './distance.ts';

const near = { now: () => Promise.resolve(new Date()) };

/** How many may store at the same time. */
async function storesAtOnce(most: number): Promise<number> {
  const { stores } = await distanceTo(near, most).measure();
  let count = 0;
  for (; !stores.isShort(1); count += 1) await stores.take(1);
  return count;
}

describe('the way to Orthanc', () => {
  it('bears no more requests at once than were asked for, and few where Orthanc is near', async () => {
    expect([await storesAtOnce(1), await storesAtOnce(3)]).toEqual([1, 3]);
    expect(await storesAtOnce(256)).toBeLessThan(10);
  });
});
