import { describe, expect, it } from '@jest/globals';
import { timeFor } from './copy-rate.ts';

const rate = { instances: 100, bytes: 1_000_000, ms: 2000 };

describe('the time that a copy takes', () => {
  it('follows the bytes of large images and the number of small ones', () => {
    expect(timeFor({ instances: 10, bytes: 10_000_000 }, rate)).toBe(20_000);
    expect(timeFor({ instances: 1000, bytes: 1000 }, rate)).toBe(20_000);
  });

  it('follows the number where no sizes are told, and is not told where nothing was moved', () => {
    expect(timeFor({ instances: 50, bytes: undefined }, rate)).toBe(1000);
    expect(timeFor({ instances: 50, bytes: 5 }, { instances: 0, bytes: 0, ms: 10 })).toBeUndefined();
    expect(timeFor({ instances: 0, bytes: 0 }, { instances: 0, bytes: 0, ms: 0 })).toBe(0);
  });
});
