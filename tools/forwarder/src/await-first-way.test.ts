import { describe, expect, it } from '@jest/globals';
import { awaitFirstWay } from './await-first-way.ts';

const inSeconds = (isFollowing: boolean, times: number) => {
  const awaited = awaitFirstWay(isFollowing);
  return Array.from({ length: times }, () => awaited.pauseMs('a') / 1000);
};

describe('what waits for the first way', () => {
  it('is looked at ever more rarely, each unit for itself', () => {
    expect(inSeconds(true, 7)).toEqual([30, 60, 120, 240, 480, 600, 600]);
    expect(inSeconds(false, 3)).toEqual([30, 60, 60]);
    const awaited = awaitFirstWay(true);
    expect([awaited.pauseMs('a'), awaited.pauseMs('b')]).toEqual([30_000, 30_000]);
  });

  it('is told when that is back, and then waits anew from the beginning', () => {
    const awaited = awaitFirstWay(true);
    for (const unit of ['a', 'b', 'a']) awaited.pauseMs(unit);
    expect([awaited.end(), awaited.end()]).toEqual([['a', 'b'], []]);
    expect(awaited.pauseMs('a')).toBe(30_000);
  });
});
