import { expect, it } from '@jest/globals';
import type { TalliedRun } from '../run/end-early.ts';
import { emptyTally } from './deletion-tally.ts';
import { lookingNowAndThen } from './looking-now-and-then.ts';

/** A run at a clock that stands still until it is set, by an Orthanc and rules that can be held up. */
function openRun() {
  const state = {
    now: 0,
    rules: Promise.resolve(true),
    looks: 0,
    clockLooks: 0,
    orthanc: () => Promise.resolve(),
  };
  const run = {
    tally: emptyTally(),
    log: { warn() {} },
    clock: { now: () => new Date(state.now) },
    orthanc: {
      now: () => {
        state.clockLooks += 1;
        return state.orthanc().then(() => new Date(state.now));
      },
    },
    areRulesTheSame: () => {
      state.looks += 1;
      return state.rules;
    },
  };
  return { state, tally: run.tally, canSayMore: lookingNowAndThen(run as unknown as TalliedRun) };
}

it('looks at the clock once a minute, and at the rules each time', async () => {
  const { state, canSayMore } = openRun();
  for (const now of [0, 59_999, 60_000, 60_001]) {
    state.now = now;
    expect(await canSayMore()).toBe(true);
  }
  expect([state.clockLooks, state.looks]).toEqual([2, 4]);
});

it('lets nobody go on from the moment on in which the rules are others', async () => {
  const { state, tally, canSayMore } = openRun();
  expect(await canSayMore()).toBe(true);
  state.rules = Promise.resolve(false);
  state.now = 1;
  expect([await canSayMore(), tally.endedBy]).toEqual([false, 'rules']);
});

it('lets nobody go on when the rules are not the same', async () => {
  const { state, tally, canSayMore } = openRun();
  state.rules = Promise.resolve(false);
  expect([await canSayMore(), await canSayMore()]).toEqual([false, false]);
  expect([state.looks, tally.endedBy]).toEqual([1, 'rules']);
});

it('looks anew after a look that failed', async () => {
  const { state, canSayMore } = openRun();
  state.orthanc = () => Promise.reject(new Error('away'));
  await expect(canSayMore()).rejects.toThrow('away');
  state.orthanc = () => Promise.resolve();
  state.rules = Promise.resolve(false);
  expect(await canSayMore()).toBe(false);
});
