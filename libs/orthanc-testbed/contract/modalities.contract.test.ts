import { type Server, createServer } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Orthanc, connectOrthanc } from '@orthanc-tools/orthanc-client';
import { type LinkedOrthancs, type RunningOrthanc, openTestbed, startLinked } from '../src/index.ts';
import { type SyntheticStudy, clock, storeStudy } from './synthetic-study.ts';

const testbed = await openTestbed();
type Alias = 'usual' | 'lying' | 'storeonly' | 'full' | 'picky' | 'strict' | 'tenth';
let linked: LinkedOrthancs<Alias>;
let silent: Server;
let source: Orthanc;
let study: SyntheticStudy;

async function listenSilently(): Promise<Server> {
  const server = createServer((socket) => socket.resume().on('error', () => undefined));
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
};

beforeAll(async () => {
  await testbed.prepare();
  silent = await listenSilently();
  linked = await startLinked(testbed, {
    source: { configuration: { DicomScuTimeout: 2 } },
    destinations: {
      usual: {},
      lying: { behaviour: 'lying' },
      storeonly: { behaviour: 'store-only' },
      full: { behaviour: 'full' },
      tenth: { behaviour: 'refusing-every-tenth' },
      picky: { request: { configuration: { RejectedSopClasses: ['1.2.840.10008.5.1.4.1.1.2'] } } },
      strict: {
        request: { configuration: { DicomCheckCalledAet: true } },
        reach: ({ modality: [, host, port] }) => ({ modality: ['SOMEBODYELSE', host, port] }),
      },
    },
  });
  source = connectOrthanc({ url: linked.source.url });
  await addModality('silent', ['SILENT', testbed.hostAddress, portOf(silent)]);
  await addModality('dead', ['DEAD', testbed.hostAddress, 1]);
  study = await storeStudy(linked.source, { seed: 'modalities' });
}, 300_000);

afterAll(async () => {
  await source[Symbol.asyncDispose]();
  await linked[Symbol.asyncDispose]();
  silent.close();
});

const addModality = (alias: string, entry: RunningOrthanc['modality']) =>
  source.call({ method: 'PUT', path: `/modalities/${alias}`, content: entry, isPlainText: true });

const store = async (alias: string, ids = study.instanceIds) =>
  source.jobs.finish(await source.modalities.store(alias, ids), { clock });

const find = (alias: string) =>
  source.modalities.find(alias, {
    level: 'Instance',
    keys: { StudyInstanceUID: study.studyUid, SeriesInstanceUID: '', SOPInstanceUID: '' },
  });

describe('a modality', () => {
  it('is known by its alias', async () => {
    expect(new Set(await source.modalities.names())).toEqual(
      new Set([...Object.keys(linked.destinations), 'silent', 'dead']),
    );
    await source.modalities.echo('usual');
  });

  it('is sent a study, and tells by C-FIND what it holds', async () => {
    expect(await find('usual')).toEqual([]);
    const job = await store('usual', [study.id]);
    expect(job).toMatchObject({
      state: 'Success',
      type: 'DicomModalityStore',
      content: { InstancesCount: 3 },
    });
    const held = await find('usual');
    expect(held.map(({ SOPInstanceUID }) => SOPInstanceUID).toSorted()).toEqual(
      study.sopInstanceUids.toSorted(),
    );
    expect(await source.call({ method: 'GET', path: '/queries' })).toEqual([]);
  });

  it('may answer success and hold nothing', async () => {
    expect((await store('lying')).state).toBe('Success');
    expect(await find('lying')).toEqual([]);
  });

  it.each([
    ['dead', { kind: 'transient', code: 'DESTINATION_UNREACHABLE', scope: 'run' }],
    ['silent', { kind: 'transient', code: 'DESTINATION_UNREACHABLE', scope: 'run' }],
    ['strict', { kind: 'transient', code: 'DESTINATION_REJECTS_ASSOCIATION', scope: 'run' }],
  ])('that cannot be spoken to is told by its failure (%s)', async (alias, failure) => {
    await expect(source.modalities.echo(alias)).rejects.toMatchObject(failure);
    await expect(store(alias)).rejects.toMatchObject(failure);
    await expect(find(alias)).rejects.toMatchObject(failure);
    await expect(source.modalities.requestCommitment(alias, study.instanceIds)).rejects.toMatchObject(
      failure,
    );
  });

  it('that is not configured is a fault of the configuration', async () => {
    const unknown = { kind: 'configuration', code: 'DESTINATION_UNKNOWN' };
    for (const ask of [() => source.modalities.echo('nobody'), () => store('nobody'), () => find('nobody')])
      await expect(ask()).rejects.toMatchObject(unknown);
  });

  it('that refuses the SOP class refuses for good', async () => {
    await expect(store('picky')).rejects.toMatchObject({ kind: 'permanent', code: 'SOP_CLASS_REFUSED' });
  });

  it('that is full says so', async () => {
    const large = await storeStudy(linked.source, { seed: 'modalities-large', imageSize: 512 });
    await expect(store('full', [large.id])).rejects.toMatchObject({
      kind: 'transient',
      scope: 'item',
      code: 'DESTINATION_OUT_OF_RESOURCES',
      facts: { dimseStatus: '0xA700' },
    });
  });

  it('that refuses one of ten says so, with the status of DIMSE', async () => {
    const ten = await storeStudy(linked.source, { seed: 'modalities-ten', instancesPerSeries: 10 });
    await expect(store('tenth', [ten.id])).rejects.toMatchObject({
      code: 'DESTINATION_OUT_OF_RESOURCES',
      facts: { dimseStatus: '0xA700' },
    });
  });

  it('that can only store answers no C-FIND: the connection breaks', async () => {
    await source.modalities.echo('storeonly');
    await expect(find('storeonly')).rejects.toMatchObject({
      kind: 'transient',
      code: 'DESTINATION_CONNECTION_LOST',
    });
  });
});

describe('storage commitment', () => {
  async function report(alias: string, ids: readonly string[]) {
    const transaction = await source.modalities.requestCommitment(alias, ids);
    for (;;) {
      const told = await source.modalities.commitment(transaction);
      if (told.status !== 'Pending') return told;
      await clock.sleep(20);
    }
  }

  it('tells for which instances a modality takes responsibility', async () => {
    const other = await storeStudy(linked.source, { seed: 'commitment' });
    const [sent = '', ...kept] = other.instanceIds;
    await store('usual', [sent]);
    const told = await report('usual', other.instanceIds);
    expect(told.status).toBe('Failure');
    expect(told.committed).toEqual([other.sopInstanceUids[0]]);
    expect(told.refused).toHaveLength(kept.length);
    expect(new Set(told.refused.map(({ reason }) => reason))).toEqual(new Set([0x0112]));
    await store('usual', kept);
    expect(await report('usual', other.instanceIds)).toMatchObject({ status: 'Success', refused: [] });
  });

  it('is not offered by everybody', async () => {
    await expect(source.modalities.requestCommitment('storeonly', study.instanceIds)).rejects.toMatchObject({
      kind: 'transient',
    });
    await expect(source.modalities.commitment('1.2.3')).rejects.toMatchObject({ code: 'ORTHANC_NOT_FOUND' });
  });
});

describe('a modality that is unable to process a question', () => {
  it('has refused the question, and no instance', async () => {
    const refusing = `function IncomingFindRequestFilter(source, origin) error('not now') end`;
    await using pacs = await testbed.startOrthanc({
      name: 'refusing',
      files: { 'refuse.lua': refusing },
      configuration: { LuaScripts: ['files:refuse.lua'], DicomAlwaysAllowFind: true },
    });
    await addModality('refusing', pacs.modality);
    await expect(find('refusing')).rejects.toMatchObject({
      code: 'QUERY_REFUSED',
      kind: 'transient',
      scope: 'item',
      facts: { dimseStatus: expect.stringMatching(/^0xC0/), destination: 'refusing' },
    });
  });
});
