import { describe, expect, it } from '@jest/globals';
import { awaitCompany, longestWaitMs } from './await-company.ts';

describe('the wait for what can share a job', () => {
  const at = 1_000_000;
  const open = (state: { isComing: boolean; isEnough: boolean }) =>
    awaitCompany({ isComing: () => state.isComing, isEnough: () => state.isEnough });

  it('is none where nothing is on its way, or enough is there', () => {
    expect(open({ isComing: false, isEnough: false })(at)).toBeUndefined();
    expect(open({ isComing: true, isEnough: true })(at)).toBeUndefined();
  });

  it('ends with what is awaited, and after a while in any case', () => {
    const state = { isComing: true, isEnough: false };
    const until = open(state);
    expect([until(at), until(at + 100)]).toEqual([at + longestWaitMs, at + longestWaitMs]);
    expect(until(at + longestWaitMs)).toBeUndefined();
    expect(until(at + longestWaitMs + 1)).toBeUndefined();
    state.isComing = false;
    expect(until(at + 2000)).toBeUndefined();
    state.isComing = true;
    expect(until(at + 3000)).toBe(at + 3000 + longestWaitMs);
  });
});
