import { describe, expect, it } from '@jest/globals';
import { filesInHand } from './files-in-hand.ts';

const none = { storedInstances: 0, storedBytes: 0 };
const of = (bytes: number) => ({ storedInstances: 10, storedBytes: 10 * bytes });

describe('a hand takes', () => {
  it.each([
    ['16 of unknown size', none, 16],
    ['64 small ones', of(2000), 64],
    ['8 of 4 MB', of(4 * 1024 * 1024), 8],
    ['one of a gigabyte', of(1e9), 1],
  ])('%s while thousands wait', (_, totals, files) => {
    expect(filesInHand(totals, 5000)).toBe(files);
  });

  it('ever fewer when the end is near, so that all hands end together', () => {
    expect([1024, 512, 160, 20, 0].map((waiting) => filesInHand(of(2000), waiting))).toEqual([
      64, 32, 10, 8, 8,
    ]);
  });
});
