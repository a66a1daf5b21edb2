import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Orthanc, connectOrthanc } from '@orthanc-tools/orthanc-client';
import {
  type FaultProxy,
  type LinkedOrthancs,
  openTestbed,
  startFaultProxy,
  startLinked,
} from '../src/index.ts';
import { type SyntheticStudy, clock, storeStudy } from './synthetic-study.ts';

const testbed = await openTestbed();
let linked: LinkedOrthancs<'slow'>;
let toSlow: FaultProxy;
let source: Orthanc;
let study: SyntheticStudy;

beforeAll(async () => {
  await testbed.prepare();
  linked = await startLinked(testbed, {
    source: { configuration: { JobsHistorySize: 1, SaveJobs: false } },
    destinations: {
      slow: {
        reach: async ({ url }) => {
          toSlow = await startFaultProxy(url, { host: '0.0.0.0' });
          return { peerUrl: `http://${testbed.hostAddress}:${String(toSlow.port)}` };
        },
      },
    },
  });
  source = connectOrthanc({ url: linked.source.url });
  study = await storeStudy(linked.source, { seed: 'jobs' });
}, 300_000);

afterAll(async () => {
  await source[Symbol.asyncDispose]();
  await linked[Symbol.asyncDispose]();
  await toSlow[Symbol.asyncDispose]();
});

/** Lets the first upload of a job wait until it is let go. */
function holdUploads(): () => void {
  const { promise: until, resolve: letGo } = Promise.withResolvers<undefined>();
  toSlow.addFault({ effect: 'hold', until, times: 1, matching: ({ method }) => method === 'POST' });
  return () => letGo(undefined);
}

describe('a job', () => {
  it('is followed to its end, and tells its progress', async () => {
    const letGo = holdUploads();
    const id = await source.peers.store('slow', study.instanceIds);
    const seen: string[] = [];
    const job = await source.jobs.finish(id, {
      clock,
      onProgress: ({ state }) => {
        seen.push(state);
        if (state === 'Running') letGo();
      },
    });
    expect(job).toMatchObject({ id, state: 'Success', progress: 100, type: 'OrthancPeerStore' });
    expect(seen).toContain('Running');
    expect(seen.at(-1)).toBe('Success');
  });

  it('that somebody pauses is waited for', async () => {
    const letGo = holdUploads();
    const id = await source.peers.store('slow', study.instanceIds);
    const job = source.jobs.finish(id, {
      clock,
      onProgress: ({ state }) => {
        if (state === 'Paused')
          void source.call({ method: 'POST', path: `/jobs/${id}/resume`, content: {}, isPlainText: true });
      },
    });
    await source.call({ method: 'POST', path: `/jobs/${id}/pause`, content: {}, isPlainText: true });
    letGo();
    expect((await job).state).toBe('Success');
  });

  it('that stays paused for too long is cancelled, and says so', async () => {
    const letGo = holdUploads();
    const id = await source.peers.store('slow', study.instanceIds);
    const waiting = source.jobs.wait(id, { clock, stallLimit: 300 });
    await source.call({ method: 'POST', path: `/jobs/${id}/pause`, content: {}, isPlainText: true });
    letGo();
    await expect(waiting).rejects.toMatchObject({ kind: 'ambiguous', code: 'JOB_STALLED' });
    expect((await source.jobs.wait(id, { clock })).failure).toMatchObject({ code: 'JOB_CANCELLED' });
  });

  it('is cancelled when whoever waits is stopped', async () => {
    const letGo = holdUploads();
    const id = await source.peers.store('slow', study.instanceIds);
    const stop = new AbortController();
    const waiting = source.jobs.wait(id, {
      clock,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('stopped')),
    });
    await expect(waiting).rejects.toThrow('stopped');
    letGo();
    const job = await source.jobs.wait(id, { clock });
    expect(job.state).toBe('Failure');
    expect(job.failure).toMatchObject({ kind: 'ambiguous', code: 'JOB_CANCELLED' });
  });

  it('that has left the history may or may not have done its work', async () => {
    const first = await source.peers.store('slow', study.instanceIds);
    await source.jobs.finish(first, { clock });
    for (let n = 0; n < 2; n += 1)
      await source.jobs.finish(await source.peers.store('slow', study.instanceIds), { clock });
    const lost = { kind: 'ambiguous', code: 'JOB_LOST', facts: { job: first } };
    await expect(source.jobs.get(first)).rejects.toMatchObject(lost);
    await expect(source.jobs.wait(first, { clock })).rejects.toMatchObject(lost);
  });

  it('whose starting was not answered may be running', async () => {
    await using proxy = await startFaultProxy(linked.source.url);
    proxy.addFault({ effect: 'lose-answer', matching: ({ path }) => path.endsWith('/store') });
    await using behind = connectOrthanc({ url: proxy.url });
    await expect(behind.peers.store('slow', study.instanceIds)).rejects.toMatchObject({
      kind: 'ambiguous',
      code: 'ORTHANC_NO_ANSWER',
    });
  });
});
