import type { RunContext } from '@orthanc-tools/tool-runtime';
import { describe, expect, it } from '@jest/globals';
import { finishJob } from './finish-job.ts';
import type { RepairStep } from './repair.ts';

const stallLimit = 60_000;

/** A job that stands so at one look after the other, and ends with the last. */
function stepFor(states: readonly string[]): RepairStep {
  let [now, looks] = [0, 0];
  const ended = Promise.withResolvers<undefined>();
  const clock = {
    now: () => new Date(now),
    sleep: (ms: number) => {
      now += ms;
      return Promise.resolve();
    },
  };
  const jobs = {
    get: () => {
      const state = states[looks];
      looks += 1;
      if (state === undefined) ended.resolve(undefined);
      return Promise.resolve({ state: state ?? 'Success', progress: 0, content: {} });
    },
    finish: (_: string, { signal }: { signal: AbortSignal }) => {
      signal.addEventListener('abort', () => {
        ended.reject(signal.reason as Error);
      });
      return ended.promise;
    },
  };
  const orthanc = { jobs, resources: { find: () => Promise.resolve([]) } };
  const context = { clock, signal: new AbortController().signal } as unknown as RunContext;
  return { sides: { orthanc }, context, items: [], isCareful: false, stallLimit } as unknown as RepairStep;
}

const looks = (state: string) => Array.from({ length: 100 }, () => state);

describe('a job of a repair', () => {
  it('that waits for its turn is not silent, however long it waits', async () => {
    await expect(finishJob('1', stepFor(looks('Pending')))).resolves.toBeUndefined();
  });

  it('that runs and brings nothing is given up', async () => {
    await expect(finishJob('1', stepFor([...looks('Pending'), ...looks('Running')]))).rejects.toMatchObject({
      code: 'TRANSFER_STALLED',
    });
  });
});
