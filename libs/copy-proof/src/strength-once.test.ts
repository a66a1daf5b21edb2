import { describe, expect, it } from '@jest/globals';
import { transientFailure } from '@orthanc-tools/failures';
import { strengthOnce } from './strength-once.ts';
import type { Strength } from './witness.ts';

const { signal } = new AbortController();

/** A destination that answers one after the other, and an error for what is undefined. */
function asked(answers: readonly (Strength | undefined)[], belief = { firstMs: 1000, longestMs: 3000 }) {
  const state = { questions: 0, now: 0 };
  const ask = () => {
    const answer = answers[state.questions];
    state.questions += 1;
    return answer === undefined
      ? Promise.reject(transientFailure('AWAY', 'away', { scope: 'run' }))
      : Promise.resolve(answer);
  };
  return { state, strength: strengthOnce(ask, { ...belief, now: () => state.now }) };
}

describe('what a destination allows to be asked', () => {
  it('is asked once for all, where it answers', async () => {
    const { state, strength } = asked(['image']);
    expect(await Promise.all([strength(signal), strength(signal)])).toEqual(['image', 'image']);
    state.now = Number.MAX_SAFE_INTEGER;
    expect([await strength(signal), state.questions]).toEqual(['image', 1]);
  });

  it('is asked again after a while where it does not, ever more rarely', async () => {
    const { state, strength } = asked(['none', 'none', 'none', 'none', 'hash']);
    const askedAt: number[] = [];
    for (let last = 0; state.now <= 10_000; state.now += 500) {
      await strength(signal);
      if (state.questions > last) askedAt.push(state.now);
      last = state.questions;
    }
    expect(askedAt).toEqual([0, 1000, 3000, 6000, 9000]);
    expect(await strength(signal)).toBe('hash');
  });

  it('is asked again at once where nobody could be asked', async () => {
    const { strength } = asked([undefined, 'hash']);
    await expect(strength(signal)).rejects.toMatchObject({ code: 'AWAY' });
    expect(await strength(signal)).toBe('hash');
  });
});
