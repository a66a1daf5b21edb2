import { describe, expect, it } from '@jest/globals';
import type { Ask } from './ask.ts';
import { jobsOf } from './jobs.ts';

const saying = (...states: string[]): Ask => {
  const queue = [...states];
  return (_, parse) =>
    Promise.resolve(
      parse({
        ID: 'j',
        Type: 'OrthancPeerStore',
        State: queue.shift(),
        Progress: 40,
        ErrorCode: 0,
        ErrorDescription: '',
        Content: { InstancesCount: 2 },
      }),
    );
};

describe('jobs', () => {
  it('tells of one job', async () => {
    expect(await jobsOf(saying('Running')).get('j')).toEqual({
      id: 'j',
      type: 'OrthancPeerStore',
      state: 'Running',
      progress: 40,
      errorCode: 0,
      errorDescription: undefined,
      content: { InstancesCount: 2 },
    });
  });

  it.each(['Success', 'Failure'])('waits until the job has ended in %s', async (end) => {
    const slept: number[] = [];
    const clock = {
      sleep: (ms: number) => {
        slept.push(ms);
        return Promise.resolve();
      },
    };
    const job = await jobsOf(saying('Pending', 'Running', 'Retry', end)).wait('j', { clock, pollEvery: 9 });
    expect(job.state).toBe(end);
    expect(slept).toEqual([9, 9, 9]);
  });
});
