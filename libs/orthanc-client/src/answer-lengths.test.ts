import { describe, expect, it } from '@jest/globals';
import { answerLengths } from './answer-lengths.ts';

describe('answerLengths', () => {
  const at = { now: 0 };
  const opened = () => answerLengths(() => at.now);

  it('believes an answer that is shorter than one before, and no other', () => {
    const lengths = opened();
    const judged = [0, 24, 24, 23, 0, 25, 24].map((length) => lengths.expectAnswer()(length));
    expect(judged).toEqual([false, false, false, true, true, false, true]);
  });

  it('forgets when the server may have been started again since, with another limit', () => {
    const lengths = opened();
    lengths.expectAnswer()(100);
    at.now += 200;
    expect(lengths.expectAnswer()(10)).toBe(true);
    at.now += 200;
    expect(lengths.expectAnswer()(10)).toBe(true);
    at.now += 300;
    expect(lengths.expectAnswer()(10)).toBe(false);
    expect(lengths.expectAnswer()(9)).toBe(true);
  });

  it('asks for much where nothing is known, once at a time', async () => {
    const lengths = opened();
    const ended = Promise.withResolvers<undefined>();
    let asked = 0;
    const ask = async () => {
      asked += 1;
      await ended.promise;
      lengths.expectAnswer()(0);
    };
    const [one, other] = [lengths.unlessKnown(ask), lengths.unlessKnown(ask)];
    expect(asked).toBe(1);
    ended.resolve(undefined);
    await one;
    await other;
    // An empty server tells nothing of its limit.
    await lengths.unlessKnown(ask);
    expect(asked).toBe(2);
    lengths.expectAnswer()(1);
    expect(lengths.unlessKnown(ask)).toBeUndefined();
    at.now += 300;
    await lengths.unlessKnown(ask);
    expect(asked).toBe(3);
  });

  it('does not believe an answer that was long on its way', () => {
    const lengths = opened();
    const slow = lengths.expectAnswer();
    at.now += 200;
    lengths.expectAnswer()(100);
    at.now += 100;
    lengths.expectAnswer()(100);
    expect(slow(10)).toBe(false);
  });
});
