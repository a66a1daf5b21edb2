import { describe, expect, it } from '@jest/globals';
import { roundTrip } from './round-trip.ts';

/** A server whose answers take so long, one after the other. */
function wayWith(...answers: readonly number[]) {
  let [now, asked] = [0, 0];
  const ask = () => {
    const takes = answers[asked] ?? Infinity;
    asked += 1;
    if (takes === Infinity) return Promise.reject(new Error('away'));
    now += takes;
    return Promise.resolve();
  };
  const way = roundTrip(ask, { nearMs: 10, firstQuestions: 3, nowMs: () => now });
  return { way, asked: () => asked };
}

describe('the round trip to a server', () => {
  it('is the shortest of the first answers, and of one more each time', async () => {
    const { way, asked } = wayWith(90, 40, 60, 50, 30);
    expect(way.shortestMs()).toBe(Infinity);
    expect([await way.measure(), asked()]).toEqual([40, 3]);
    expect([await way.measure(), asked()]).toEqual([40, 4]);
    expect([await way.measure(), asked()]).toEqual([30, 5]);
  });

  it('is known for good from one prompt answer on', async () => {
    const { way, asked } = wayWith(90, 4);
    expect([await way.measure(), await way.measure(), asked()]).toEqual([4, 4, 2]);
  });

  it('fails with the question, and is measured again the next time', async () => {
    const { way } = wayWith(90, Infinity, 7);
    await expect(way.measure()).rejects.toThrow('away');
    expect(await way.measure()).toBe(7);
  });
});
