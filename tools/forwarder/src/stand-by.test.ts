import { describe, expect, it } from '@jest/globals';
import { rankOf } from './priority.ts';
import { standBy } from './stand-by.ts';

/** Time passes only by sleeping. */
function scene(work: { high: number }) {
  let now = 0;
  const clock = {
    now: () => new Date(now),
    sleep: (ms: number) => {
      now += ms;
      work.high -= 1;
      return Promise.resolve();
    },
  };
  const all = standBy(
    [
      { priority: 100, hasWork: () => work.high > 0 },
      { priority: -100, hasWork: () => true },
    ],
    clock,
  );
  const waited = async (rank: number) => {
    await all.turn(rank, new AbortController().signal);
    return now;
  };
  return { waited };
}

describe('work for a destination', () => {
  it.each([
    ['of the highest priority waits for nobody', rankOf(100), 9, 0],
    ['of a low one waits while there is work of a higher one', rankOf(-100), 4, 2000],
    ['waits half a minute at the longest', rankOf(-100), Infinity, 30_000],
    ['waits for nobody when it is urgent', rankOf(-100, { isUrgent: true }), 9, 0],
    ['waits for nobody when it frees space on a full disk', rankOf(-100, { freesSpace: true }), 9, 0],
  ])('%s', async (_, rank, high, expected) => {
    expect(await scene({ high }).waited(rank)).toBe(expected);
  });
});
