import { describe, expect, it } from '@jest/globals';
import type { ChangePage } from './changes.ts';
import { followChanges } from './follow-changes.ts';

const page = (last: number, isDone: boolean): ChangePage => ({ changes: [], last, isDone, passedOver: [] });

function scene(pages: readonly ChangePage[]) {
  const asked: number[] = [];
  const slept: number[] = [];
  const stop = new AbortController();
  const changes = {
    read: ({ since }: { since: number }) => {
      asked.push(since);
      const next = pages[asked.length - 1];
      return next ? Promise.resolve(next) : Promise.reject(new Error('no more pages'));
    },
    last: () => Promise.resolve(0),
    reached: () => Promise.resolve(0),
    mayComeLate: () => Promise.resolve(false),
  };
  let now = 0;
  const clock = {
    now: () => new Date(now),
    sleep: (ms: number) => {
      slept.push(ms);
      now += 2 * ms;
      return Promise.resolve();
    },
  };
  const follow = (since: number) =>
    followChanges({ changes }, { since, clock, signal: stop.signal, pollEvery: 700 });
  return { asked, slept, stop, follow };
}

describe('followChanges', () => {
  it('reads on where each page ended and waits only at the end of the log', async () => {
    const { asked, slept, stop, follow } = scene([
      page(20, false),
      page(35, true),
      page(35, true),
      page(36, true),
    ]);
    const seen: number[] = [];
    for await (const { last } of follow(7)) {
      seen.push(last);
      if (last === 36) stop.abort();
    }
    expect(asked).toEqual([7, 20, 35, 35]);
    expect(seen).toEqual([20, 35, 35, 36]);
    expect(slept).toEqual([700, 700, 700]);
  });

  it('goes back with a log that was cleared', async () => {
    const { asked, stop, follow } = scene([page(5, true), page(6, true)]);
    for await (const { last } of follow(1000)) if (last === 6) stop.abort();
    expect(asked).toEqual([1000, 5]);
  });

  it('tells of an entry that appears under a number that was passed over', async () => {
    const entry = (sequence: number) => ({
      sequence,
      type: 'NewStudy',
      at: '',
      resourceType: 'Study',
      id: 'x',
    });
    const passedOver = [{ from: 8, to: 8 }];
    const late = { ...page(8, false), changes: [entry(8)] };
    const { asked, stop, follow } = scene([{ ...page(9, true), passedOver }, page(9, true), late]);
    const seen: number[] = [];
    for await (const { changes, last } of follow(7)) {
      seen.push(...changes.map(({ sequence }) => sequence), last);
      if (changes.length > 0) stop.abort();
    }
    expect(seen).toEqual([9, 9, 8, 9]);
    expect(asked).toEqual([7, 9, 7]);
  });

  it('leaves failures to its caller', async () => {
    const { follow } = scene([page(1, false)]);
    const seen: number[] = [];
    await expect(
      (async () => {
        for await (const { last } of follow(0)) seen.push(last);
      })(),
    ).rejects.toThrow('no more pages');
    expect(seen).toEqual([1]);
  });

  it('asks nothing after the signal', async () => {
    const { asked, stop, follow } = scene([]);
    stop.abort();
    for await (const last of follow(0)) expect(last).toBeUndefined();
    expect(asked).toEqual([]);
  });
});
