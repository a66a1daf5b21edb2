import { describe, expect, it } from '@jest/globals';
import { seededRandom } from './seeded-random.ts';

const draw = (seed: number, count: number): number[] => Array.from({ length: count }, seededRandom(seed));

describe('seededRandom', () => {
  it('repeats itself for the same seed and differs for another', () => {
    expect(draw(7, 20)).toEqual(draw(7, 20));
    expect(draw(7, 20)).not.toEqual(draw(8, 20));
  });

  it('spreads evenly enough for a rate', () => {
    const hits = draw(1, 10_000).filter((drawn) => drawn < 0.02).length;
    expect(hits).toBeGreaterThan(150);
    expect(hits).toBeLessThan(250);
  });
});
