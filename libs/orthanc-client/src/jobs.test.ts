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

  it('looks soon at first, and less often later', async () => {
    const slept: number[] = [];
    const clock = { sleep: (ms: number) => Promise.resolve(void slept.push(ms)) };
    const states = [...Array<string>(16).fill('Running'), 'Success'];
    await jobsOf(saying(...states)).wait('j', { clock, pollEvery: 300 });
    expect(slept.slice(0, 3)).toEqual([20, 25, 31.25]);
    expect(slept.slice(-2)).toEqual([300, 300]);
    slept.reduce((waited, pause) => {
      expect(pause).toBeLessThanOrEqual(20 + waited / 4);
      return waited + pause;
    }, 0);
  });

  it('tells each state once', async () => {
    const clock = { sleep: () => Promise.resolve() };
    const seen: string[] = [];
    const onProgress = ({ state }: { state: string }) => void seen.push(state);
    await jobsOf(saying('Pending', 'Running', 'Running', 'Paused', 'Success')).wait('j', {
      clock,
      onProgress,
    });
    expect(seen).toEqual(['Pending', 'Running', 'Paused', 'Success']);
  });

  it('cancels one that makes no progress for too long, and none that waits for its turn', async () => {
    const cancelled: string[] = [];
    const states = ['Pending', 'Pending', 'Pending', 'Running', 'Running', 'Running', 'Running'];
    const ask: Ask = (question, parse) => {
      if (question.method === 'GET') return saying(states.shift() ?? 'Success')(question, parse);
      cancelled.push(question.path);
      return Promise.resolve(parse(''));
    };
    const clock = { sleep: () => Promise.resolve() };
    const waiting = jobsOf(ask).wait('j', { clock, pollEvery: 10, stallLimit: 20 });
    await expect(waiting).rejects.toMatchObject({ code: 'JOB_STALLED', kind: 'ambiguous', scope: 'item' });
    expect(cancelled).toEqual(['/jobs/j/cancel']);
    expect(states).toEqual(['Running']);
  });

  it('throws the failure of one that had to be finished', async () => {
    const clock = { sleep: () => Promise.resolve() };
    await expect(jobsOf(saying('Failure')).finish('j', { clock })).rejects.toMatchObject({
      code: 'DESTINATION_FAILED',
    });
  });

  it('tells those that have not ended, with what each was given', async () => {
    const job = (ID: string, State: string, Content: object) => ({
      ...{ ID, State, Content, Type: 'any', Progress: 0, ErrorCode: 0 },
    });
    const ask: Ask = (_, parse) =>
      Promise.resolve(
        parse([
          job('store', 'Running', { ParentResources: ['a', 'b'] }),
          job('stow', 'Pending', { Resources: { Instances: ['c'] } }),
          job('other', 'Paused', { Resources: [{ Type: 'Instance', ID: 'd' }] }),
          job('ended', 'Success', { ParentResources: ['e'] }),
        ]),
      );
    expect(await jobsOf(ask).unfinished()).toEqual([
      { id: 'store', resourceIds: ['a', 'b'] },
      { id: 'stow', resourceIds: ['c'] },
      { id: 'other', resourceIds: [] },
    ]);
  });
});
