import { describe, expect, it } from '@jest/globals';
import { noTotals } from './run-totals.ts';
import { studiesInHand } from './size-hand.ts';

const seen = (studies: number, instancesEach: number, bytesEach: number) => ({
  ...noTotals(),
  studies,
  provedInstances: studies * instancesEach,
  provedBytes: studies * instancesEach * bytesEach,
});

describe('studiesInHand', () => {
  it('begins with one, as nothing is known', () => {
    expect(studiesInHand(noTotals())).toBe(1);
  });
  it.each([
    ['small studies together', seen(5, 20, 2000), 10],
    ['studies without end not at all', seen(5, 1, 100), 20],
    ['what takes long alone', { ...seen(5, 20, 2000), handMs: 40_000 }, 1],
    ['no more than is done in eight seconds', { ...seen(5, 20, 2000), handMs: 8000 }, 5],
    ['large images alone', seen(3, 100, 500_000), 1],
    ['long studies alone', seen(3, 1000, 100), 1],
    ['vanished studies', { ...noTotals(), studies: 4 }, 20],
  ])('takes %s', (_, totals, expected) => {
    expect(studiesInHand(totals)).toBe(expected);
  });
});
