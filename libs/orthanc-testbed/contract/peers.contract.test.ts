import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Orthanc, connectOrthanc } from '@orthanc-tools/orthanc-client';
import {
  type FaultProxy,
  type LinkedOrthancs,
  openTestbed,
  startFaultProxy,
  startLinked,
  withTransfers,
} from '../src/index.ts';
import { type SyntheticStudy, clock, storeStudy } from './synthetic-study.ts';

const testbed = await openTestbed();
type Alias = 'usual' | 'lying' | 'pulling' | 'faulty';
let linked: LinkedOrthancs<Alias>;
let toFaulty: FaultProxy;
let source: Orthanc;
let study: SyntheticStudy;

beforeAll(async () => {
  await testbed.prepare();
  linked = await startLinked(testbed, {
    source: withTransfers({ configuration: { HttpTimeout: 2 } }),
    destinations: {
      usual: { request: withTransfers() },
      lying: { behaviour: 'lying' },
      pulling: { request: withTransfers(), isPulling: true },
      faulty: {
        reach: async ({ url }) => {
          toFaulty = await startFaultProxy(url, { host: '0.0.0.0' });
          return { peerUrl: `http://secret:hunter2@${testbed.hostAddress}:${String(toFaulty.port)}` };
        },
      },
    },
  });
  source = connectOrthanc({ url: linked.source.url });
  await source.call({
    method: 'PUT',
    path: '/peers/dead',
    content: { Url: `http://${testbed.hostAddress}:1/` },
    isPlainText: true,
  });
  study = await storeStudy(linked.source, { seed: 'peers' });
}, 300_000);

afterAll(async () => {
  await source[Symbol.asyncDispose]();
  await linked[Symbol.asyncDispose]();
  await toFaulty[Symbol.asyncDispose]();
});

afterEach(() => toFaulty.clear());

const heldBy = async (alias: Alias): Promise<string[]> => {
  await using there = connectOrthanc({ url: linked.destinations[alias].url });
  return (await there.studies.instances(study.id)).map(({ id }) => id).toSorted();
};
const store = async (alias: string) =>
  source.jobs.finish(await source.peers.store(alias, study.instanceIds), { clock });

describe('a peer', () => {
  it('is known by its alias and its address, and no secret is told', async () => {
    expect(await source.peers.names()).toContain('usual');
    expect(await source.peers.settings('usual')).toEqual({
      url: `${linked.destinations.usual.peerUrl}/`,
      user: undefined,
    });
    const settings = await source.peers.settings('faulty');
    expect(settings).toEqual({
      url: `http://${testbed.hostAddress}:${String(toFaulty.port)}/`,
      user: 'secret',
    });
    expect((await source.peers.system('usual')).version).toBe(linked.destinations.usual.version);
  });

  it('is sent a study', async () => {
    expect((await store('usual')).state).toBe('Success');
    expect(await heldBy('usual')).toEqual(study.instanceIds.toSorted());
  });

  it('may answer success and hold nothing', async () => {
    expect((await store('lying')).state).toBe('Success');
    expect(await heldBy('lying')).toEqual([]);
  });

  it('that cannot be reached, or is not configured, is told by its failure', async () => {
    const unreachable = { kind: 'transient', code: 'DESTINATION_UNREACHABLE', scope: 'run' };
    await expect(store('dead')).rejects.toMatchObject(unreachable);
    const unknown = { kind: 'configuration', code: 'DESTINATION_UNKNOWN' };
    await expect(store('nobody')).rejects.toMatchObject(unknown);
    await expect(source.peers.settings('nobody')).rejects.toMatchObject(unknown);
  });

  it.each([401, 404, 503, 507])('that answers %s has failed: Orthanc says no more', async (status) => {
    toFaulty.addFault({ effect: 'answer', status });
    await expect(store('faulty')).rejects.toMatchObject({ kind: 'ambiguous', code: 'DESTINATION_FAILED' });
  });

  it('that does not answer in time may have stored', async () => {
    toFaulty.addFault({ effect: 'hang' });
    await expect(store('faulty')).rejects.toMatchObject({ kind: 'ambiguous', code: 'DESTINATION_NO_ANSWER' });
  });
});

describe('the transfers accelerator', () => {
  it('sends by a job of the source', async () => {
    const { id, instanceIds } = await storeStudy(linked.source, { seed: 'peers-push' });
    const transfer = await source.transfers.send('usual', instanceIds);
    expect(transfer.by).toBe('source');
    await source.jobs.finish(transfer.jobId, { clock });
    await using there = connectOrthanc({ url: linked.destinations.usual.url });
    expect(await there.studies.instances(id)).toHaveLength(instanceIds.length);
  });

  it('lets the peer fetch, by a job that is followed there', async () => {
    const transfer = await source.transfers.send('pulling', study.instanceIds, { compression: 'none' });
    const { peerUrl, url } = linked.destinations.pulling;
    expect(transfer).toEqual({
      by: 'peer',
      jobId: transfer.jobId,
      url: `${peerUrl}/jobs/${transfer.jobId}`,
    });
    await using there = connectOrthanc({ url });
    await there.jobs.finish(transfer.jobId, { clock });
    expect(await heldBy('pulling')).toEqual(study.instanceIds.toSorted());
  });

  it('is missed, and so is a peer that is not configured', async () => {
    await expect(source.transfers.send('nobody', study.instanceIds)).rejects.toMatchObject({
      code: 'DESTINATION_UNKNOWN',
    });
    await using without = connectOrthanc({ url: linked.destinations.lying.url });
    await expect(without.transfers.send('source', study.instanceIds)).rejects.toMatchObject({
      kind: 'configuration',
      code: 'TRANSFERS_MISSING',
    });
  });
});
