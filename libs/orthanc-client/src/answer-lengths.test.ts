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
