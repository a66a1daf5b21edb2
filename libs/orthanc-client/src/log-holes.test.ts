import { describe, expect, it } from '@jest/globals';
import { type Hole, planReadings, staysOpenMs, withPassedOver, withoutFound } from './log-holes.ts';
import { rangesWithout } from './sequence-ranges.ts';

const hole = (from: number, to: number, askAt = 0): Hole => ({ from, to, noticedAt: 0, askAt });
const places = (holes: readonly { from: number; to: number }[]) => holes.map(({ from, to }) => [from, to]);

it('leaves of a range what is not among the numbers', () => {
  const left = (sequences: number[]) => places(rangesWithout(sequences, { from: 4, to: 9 }));
  expect(left([])).toEqual([[4, 9]]);
  expect(left([1, 4, 6, 7, 12])).toEqual([
    [5, 5],
    [8, 9],
  ]);
  expect(left([4, 5, 6, 7, 8, 9])).toEqual([]);
});

describe('what a page has passed over', () => {
  it('is noted beyond what was read before, and once', () => {
    const passedOver = [
      { from: 3, to: 12 },
      { from: 20, to: 21 },
    ];
    const page = { after: 10, upTo: 30, now: 50 };
    const first = withPassedOver([hole(5, 6)], passedOver, page);
    expect(first).toMatchObject([
      { from: 5, to: 6, noticedAt: 0 },
      { from: 11, to: 12, noticedAt: 50, askAt: 1050 },
      { from: 20, to: 21, noticedAt: 50 },
    ]);
    expect(withPassedOver(first, passedOver, page)).toEqual(first);
  });

  it('does not grow without bounds: the oldest goes', () => {
    const passedOver = Array.from({ length: 6000 }, (_, at) => ({ from: 2 * at + 1, to: 2 * at + 1 }));
    const kept = withPassedOver([], passedOver, { after: 0, upTo: 20_000, now: 0 });
    expect([kept.length, kept.at(-1)?.from]).toEqual([5000, 11_999]);
  });
});

it('asks for neighbours together, and for none before its time', () => {
  const holes = [hole(1, 2), hole(5, 5), hole(8, 8, 900), hole(190, 195), hole(500, 500)];
  expect(places(planReadings(holes, 100, 4000))).toEqual([
    [1, 195],
    [500, 500],
  ]);
  expect(places(planReadings(holes, 100, 100))).toEqual([
    [1, 5],
    [190, 195],
    [500, 500],
  ]);
});

describe('what is still open', () => {
  it('is asked for again when it is twice as old, a last time at the end, and then no more', () => {
    let open: readonly Hole[] = [hole(101, 101, 1000)];
    const asked: number[] = [];
    while (open[0] !== undefined) {
      asked.push(open[0].askAt);
      open = withoutFound(open, { from: 101, to: 101 }, { found: [], now: open[0].askAt });
    }
    expect(asked).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300].map((seconds) => seconds * 1000));
    expect(asked.at(-1)).toBe(staysOpenMs);
  });

  it('is what was not found of what was asked for, and all that was not asked for', () => {
    const open = withoutFound([hole(1, 3), hole(7, 20)], { from: 7, to: 10 }, { found: [8], now: 1000 });
    expect(open).toMatchObject([
      { from: 1, to: 3, askAt: 0 },
      { from: 7, to: 7, askAt: 2000 },
      { from: 9, to: 10, askAt: 2000 },
      { from: 11, to: 20, askAt: 0 },
    ]);
  });
});
