import { describe, expect, it } from '@jest/globals';
import type { Job, Orthanc } from '@orthanc-tools/orthanc-client';
import { type Following, followTransfer } from './follow-transfer.ts';

const minute = 60_000;
const limits = { stall: 5 * minute, transfer: 60 * minute, closing: 15 * minute };

/** A job that is in one state for so long, then in the next; the last one it never leaves. */
function jobOf(states: readonly (readonly [string, number])[]) {
  let at = 0;
  const stateAt = () => {
    let until = 0;
    return states.find(([, ms]) => at < (until += ms))?.[0] ?? states.at(-1)?.[0] ?? '';
  };
  const look = (): Job => ({ id: 'j', state: stateAt(), progress: 0, content: {} }) as unknown as Job;
  const clock = { now: () => new Date(at), sleep: () => Promise.resolve(void (at += minute / 2)) };
  const wait = async (...[, { signal, onProgress }]: Parameters<Orthanc['jobs']['wait']>) => {
    for (let job = look(); ; job = look()) {
      onProgress?.(job);
      if (job.state === 'Success') return job;
      await Promise.resolve();
      signal?.throwIfAborted();
    }
  };
  const get = () => Promise.resolve({ ...look(), state: 'Failure' });
  const following = { clock, limits, schedule: { isOpen: () => true } } as unknown as Following;
  return {
    orthanc: { jobs: { wait, get } } as unknown as Orthanc,
    following: {
      ...following,
      signal: new AbortController().signal,
      count: () => Promise.resolve(undefined),
    },
  };
}

describe('a job of a transfer', () => {
  it.each([
    ['waits for its turn for longer than a transfer may take', 'Pending', 600, 4],
    ['has begun at once', 'Running', 1, 3],
  ])('that %s is not given up', async (_, first, before, minutes) => {
    const { orthanc, following } = jobOf([
      [first, before * minute],
      ['Running', minutes * minute],
      ['Success', 0],
    ]);
    expect(await followTransfer(orthanc, 'j', following)).toMatchObject({ state: 'Success' });
  });

  it.each([[0], [600]])('that brings nothing once it has begun, after %s minutes, is', async (waited) => {
    const { orthanc, following } = jobOf([
      ['Pending', waited * minute],
      ['Running', minute],
    ]);
    await expect(followTransfer(orthanc, 'j', following)).rejects.toMatchObject({ code: 'TRANSFER_STALLED' });
  });
});
