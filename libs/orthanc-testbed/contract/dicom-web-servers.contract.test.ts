import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
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
type Alias = 'usual' | 'lying' | 'full' | 'faulty';
let linked: LinkedOrthancs<Alias>;
let toFaulty: FaultProxy;
let source: Orthanc;
let study: SyntheticStudy;

beforeAll(async () => {
  await testbed.prepare();
  linked = await startLinked(testbed, {
    destinations: {
      usual: {},
      lying: { behaviour: 'lying' },
      full: { behaviour: 'full' },
      faulty: {
        reach: async ({ url }) => {
          toFaulty = await startFaultProxy(url, { host: '0.0.0.0' });
          return { peerUrl: `http://${testbed.hostAddress}:${String(toFaulty.port)}` };
        },
      },
    },
  });
  source = connectOrthanc({ url: linked.source.url });
  const dead = { Url: `http://${testbed.hostAddress}:1/` };
  await source.call({ method: 'PUT', path: '/dicom-web/servers/dead', content: dead, isPlainText: true });
  study = await storeStudy(linked.source, { seed: 'dicom-web', seriesPerStudy: 2 });
}, 300_000);

afterAll(async () => {
  await source[Symbol.asyncDispose]();
  await linked[Symbol.asyncDispose]();
  await toFaulty[Symbol.asyncDispose]();
});

afterEach(() => toFaulty.clear());

const stow = async (alias: string, ids = study.instanceIds) =>
  source.jobs.finish(await source.dicomWebServers.stow(alias, ids), { clock });
const instances = (alias: string, seriesUid?: string) =>
  source.dicomWebServers.instances(alias, { studyUid: study.studyUid, seriesUid });
const held = async (alias: string, seriesUid?: string) =>
  [...(await instances(alias, seriesUid)).uids].toSorted();

describe('a DICOMweb server', () => {
  it('is sent a study, and tells by QIDO-RS what it holds', async () => {
    expect(await source.dicomWebServers.names()).toContain('usual');
    await source.dicomWebServers.probe('usual');
    expect(await held('usual')).toEqual([]);
    expect(await stow('usual', [study.id])).toMatchObject({ state: 'Success', type: 'DicomWebStowClient' });
    expect(await held('usual')).toEqual(study.sopInstanceUids.toSorted());
    expect(await held('usual', study.seriesUids[0])).toHaveLength(3);
    await source.dicomWebServers.probe('usual');
  });

  it('may answer success and hold nothing', async () => {
    expect((await stow('lying')).state).toBe('Success');
    expect(await held('lying')).toEqual([]);
  });

  it('may take a part', async () => {
    const large = await storeStudy(linked.source, { seed: 'dicom-web-large', imageSize: 512 });
    await expect(stow('full', [large.id])).rejects.toMatchObject({
      kind: 'ambiguous',
      code: 'DESTINATION_TOOK_A_PART',
    });
  });

  it('that cannot be reached is told by its failure', async () => {
    const failed = { kind: 'ambiguous', code: 'DESTINATION_FAILED' };
    await expect(stow('dead')).rejects.toMatchObject(failed);
    await expect(held('dead')).rejects.toMatchObject({ ...failed, kind: 'transient' });
  });

  it('that is not configured is a fault of the configuration', async () => {
    const unknown = { kind: 'configuration', code: 'DESTINATION_UNKNOWN' };
    await expect(held('nobody')).rejects.toMatchObject(unknown);
    await expect(stow('nobody')).rejects.toMatchObject(unknown);
  });

  it('that holds nothing may answer without a body', async () => {
    toFaulty.addFault({ effect: 'answer', status: 204 });
    expect(await held('faulty')).toEqual([]);
  });

  it.each([
    [404, { kind: 'configuration', code: 'DESTINATION_ANSWERS_NOT_FOUND' }],
    [401, { kind: 'configuration', code: 'DESTINATION_UNAUTHORIZED' }],
    [500, { kind: 'transient', code: 'DESTINATION_FAILED' }],
  ])('that answers %s to QIDO-RS cannot be asked', async (status, failure) => {
    toFaulty.addFault({ effect: 'answer', status });
    await expect(held('faulty')).rejects.toMatchObject(failure);
    await expect(source.dicomWebServers.probe('faulty')).rejects.toMatchObject(failure);
  });

  it('is read page by page, and to the end although it tells fewer than it is asked for', async () => {
    await stow('faulty');
    toFaulty.addFault({
      effect: 'answer',
      status: 200,
      headers: { 'content-type': 'application/dicom+json' },
      body: await twoInstances(),
      matching: ({ path }) => path.includes('offset=0'),
    });
    expect(await held('faulty')).toEqual(study.sopInstanceUids.toSorted());
  });

  it('that repeats itself instead of paging is not believed to have told all', async () => {
    await stow('faulty');
    const body = await twoInstances();
    const headers = { 'content-type': 'application/dicom+json' };
    toFaulty.addFault({
      effect: 'answer',
      status: 200,
      headers,
      body,
      matching: ({ path }) => path.includes('offset') && !path.includes('SOPInstanceUID'),
    });
    const told = await instances('faulty');
    expect(told.isWhole).toBe(false);
    expect(told.uids.size).toBe(2);
    const sopInstanceUid = study.sopInstanceUids.find((uid) => !told.uids.has(uid)) ?? '';
    const question = { studyUid: study.studyUid, sopInstanceUid };
    expect(await source.dicomWebServers.instances('faulty', question)).toEqual({
      uids: new Set([sopInstanceUid]),
      isWhole: true,
    });
  });
});

/** A page as the server gives it, although more were asked for. */
async function twoInstances(): Promise<string> {
  const { url } = linked.destinations.faulty;
  const query = `/dicom-web/studies/${study.studyUid}/instances?limit=2`;
  return await (await fetch(url + query, { headers: { accept: 'application/dicom+json' } })).text();
}

it('is missed where Orthanc has no DICOMweb plugin', async () => {
  await using bare = await testbed.startOrthanc({ name: 'bare', configuration: { DicomWeb: null } });
  await using client = connectOrthanc({ url: bare.url });
  await expect(client.dicomWebServers.names()).rejects.toMatchObject({
    kind: 'configuration',
    code: 'DICOM_WEB_MISSING',
  });
});
