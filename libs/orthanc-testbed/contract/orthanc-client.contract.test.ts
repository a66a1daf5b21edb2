import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTransferSyntax, synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import type { ArchiveRequest, SyntheticInstance } from '@orthanc-tools/dicom-synthesis';
import { connectOrthanc, splitMultipart } from '@orthanc-tools/orthanc-client';
import type { MultipartPart, Orthanc, OrthancConnection, StudyHead } from '@orthanc-tools/orthanc-client';
import { createCertificates, openTestbed, seedOrthanc, startFaultProxy } from '../src/index.ts';
import type { FaultProxy, RunningOrthanc } from '../src/index.ts';

const testbed = await openTestbed();
const nobody = '00000000-00000000-00000000-00000000-00000000';

const instancesOf = (request: ArchiveRequest): SyntheticInstance[] =>
  [...synthesizeArchive({ imageSize: 16, seriesPerStudy: 2, instancesPerSeries: 3, ...request })].flatMap(
    (study) => [...study.instances()],
  );
const whole = ({ bytes }: SyntheticInstance): MultipartPart => ({ chunks: [bytes], length: bytes.length });
const joined = ({ chunks }: MultipartPart): Buffer => Buffer.concat(chunks);

let server: RunningOrthanc;
let proxy: FaultProxy;
let orthanc: Orthanc;
const through = (settings: Partial<OrthancConnection> = {}): Orthanc =>
  connectOrthanc({ url: proxy.url, ...settings });

/** Behind the proxy, the server looks like one without ExtendedFind; gives what ends it. */
const pretendOld = (behind: FaultProxy): (() => void) =>
  behind.addFault({
    effect: 'answer',
    status: 200,
    body: JSON.stringify({ ApiVersion: 24, Version: '1.12.4' }),
    matching: ({ path }) => path === '/system',
  });

beforeAll(async () => {
  await testbed.prepare();
  server = await testbed.startOrthanc({
    name: 'client',
    files: {
      'filter.lua': `
function ReceivedInstanceFilter(dicom)
  return dicom.AccessionNumber ~= 'REFUSED'
end`,
    },
    configuration: { LuaScripts: ['files:filter.lua'] },
  });
  proxy = await startFaultProxy(server.url);
  orthanc = connectOrthanc({ url: server.url });
}, 300_000);

afterAll(async () => {
  await orthanc[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function retrieved(studyUid: string, seriesUid?: string): Promise<Buffer[]> {
  const web = await orthanc.dicomWeb();
  if (web === undefined) throw new Error('the testbed has DICOMweb');
  const { body, boundary } = await web.retrieve({ studyUid, seriesUid });
  const parts: Buffer[] = [];
  for await (const part of splitMultipart(body, boundary)) parts.push(joined(part));
  return parts;
}

describe('what a real Orthanc tells of itself', () => {
  it('is read', async () => {
    const facts = await orthanc.system();
    expect(facts).toMatchObject({
      version: server.version,
      hasExtendedFind: true,
      hasExtendedChanges: true,
      hasLabels: true,
      storesMd5: true,
      ingestTranscoding: '',
    });
    expect(await orthanc.plugins()).toContain('dicom-web');
    expect(await orthanc.peers.names()).toEqual([]);
    expect(await orthanc.modalities.names()).toEqual([]);
    expect(Math.abs((await orthanc.now()).getTime() - Date.now())).toBeLessThan(60_000);
  });
});

describe('files', () => {
  it.each([
    [
      'one by one',
      async (files: SyntheticInstance[]) => {
        for (const file of files) {
          const [receipt] = await orthanc.instances.store(file.bytes);
          expect(receipt).toEqual({
            id: file.orthancIds().instance,
            status: 'Success',
            studyId: file.orthancIds().study,
          });
        }
      },
    ],
    [
      'as a ZIP',
      async (files: SyntheticInstance[]) => {
        const receipts = await orthanc.instances.storeZip(files.map(whole));
        expect(new Set(receipts.map(({ id }) => id))).toEqual(
          new Set(files.map((file) => file.orthancIds().instance)),
        );
        expect(new Set(receipts.map(({ status }) => status))).toEqual(new Set(['Success']));
      },
    ],
    [
      'by STOW-RS',
      async (files: SyntheticInstance[]) => {
        const receipt = await (await orthanc.dicomWeb())?.store(files.map(whole));
        expect(receipt).toEqual({ referenced: files.length, failed: [] });
      },
    ],
  ])('stored %s are held as they are, and come back so', async (how, store) => {
    const files = instancesOf({ seed: `client-${how}`, studies: 1 });
    await store(files);
    const [first] = files;
    const { study, series } = first?.orthancIds() ?? { study: nobody, series: nobody };
    const held = await orthanc.studies.instances(study);
    const md5ById = new Map(files.map((file) => [file.orthancIds().instance as string, file.md5()]));
    expect(new Map(held.map(({ id, md5 }) => [id, md5]))).toEqual(md5ById);
    const studyUid = await orthanc.studies.uid(study);
    const bytes = new Set(files.map(({ bytes }) => bytes.toString('base64')));
    const parts = await retrieved(studyUid);
    expect(new Set(parts.map((part) => part.toString('base64')))).toEqual(bytes);
    expect(await retrieved(studyUid, await orthanc.series.uid(series))).toHaveLength(3);
    for (const { id, size } of held) {
      const file = await orthanc.instances.readFile(id);
      expect(file.length).toBe(size);
      expect(bytes.has(joined(file).toString('base64'))).toBe(true);
    }
  });

  it.each([
    'jpegLsLossless',
    'jpeg2000Lossless',
    'rleLossless',
    'deflatedExplicitLittleEndian',
    'explicitBigEndian',
  ] as const)('in a compressed transfer syntax (%s) are never converted on their way', async (name) => {
    const transferSyntaxes = [await openTransferSyntax(name)];
    const files = instancesOf({ seed: `client-${name}`, studies: 1, modalities: ['CT'], transferSyntaxes });
    await (await orthanc.dicomWeb())?.store(files.map(whole));
    const [first] = files;
    if (first === undefined) throw new Error('nothing was made');
    const parts = await retrieved(first.identifiers.studyInstanceUid);
    expect(new Set(parts.map((part) => part.toString('base64')))).toEqual(
      new Set(files.map(({ bytes }) => bytes.toString('base64'))),
    );
    const [held] = await orthanc.findInstances({
      studyUids: [first.identifiers.studyInstanceUid],
      include: ['transferSyntax', 'identifiers'],
    });
    expect(held?.transferSyntax).toBe(first.transferSyntaxUid);
    expect(held?.identifiers).toMatchObject({ studyUid: first.identifiers.studyInstanceUid });
  });

  it('stream from server to server', async () => {
    await using other = await testbed.startOrthanc({ name: 'other' });
    await using destination = connectOrthanc({ url: other.url });
    const [file] = instancesOf({ seed: 'client-stream', studies: 1, imageSize: 512 });
    if (file === undefined) throw new Error('nothing was made');
    const { instance, study } = file.orthancIds();
    await orthanc.instances.store(file.bytes);
    const [receipt] = await destination.instances.store(await orthanc.instances.openFile(instance));
    expect(receipt).toEqual({ id: instance, status: 'Success', studyId: study });
    expect((await destination.studies.instances(study))[0]?.md5).toBe(file.md5());
  });

  it('that were there already are told so', async () => {
    const [file] = instancesOf({ seed: 'client-twice', studies: 1 });
    if (file === undefined) throw new Error('nothing was made');
    const statuses: string[] = [];
    for (let n = 0; n < 2; n += 1)
      statuses.push(...(await orthanc.instances.store(file.bytes)).map(({ status }) => status));
    expect(statuses).toEqual(['Success', 'AlreadyStored']);
  });

  it('that are not DICOM are refused, or left out of a ZIP and of STOW-RS', async () => {
    const [file] = instancesOf({ seed: 'client-junk', studies: 1 });
    if (file === undefined) throw new Error('nothing was made');
    const junk = { chunks: [Buffer.from('no DICOM')], length: 8 };
    await expect(orthanc.instances.store(junk.chunks)).rejects.toMatchObject({
      kind: 'permanent',
      code: 'INSTANCE_NOT_DICOM',
    });
    expect(await orthanc.instances.storeZip([junk, whole(file)])).toHaveLength(1);
    const web = await orthanc.dicomWeb();
    expect(await web?.store([junk, whole(file)])).toEqual({ referenced: 1, failed: [] });
    expect(await web?.store([junk])).toEqual({ referenced: 0, failed: [] });
  });

  it('that a filter keeps out are never told to be stored', async () => {
    const tags = { PatientID: 'F', AccessionNumber: 'REFUSED', SOPClassUID: '1.2.840.10008.5.1.4.1.1.7' };
    await using open = await testbed.startOrthanc({ name: 'open' });
    await using maker = connectOrthanc({ url: open.url });
    const made = (await maker.call({
      method: 'POST',
      path: '/tools/create-dicom',
      content: { Tags: tags },
    })) as {
      ID: string;
    };
    const file = await maker.instances.readFile(made.ID);
    const [receipt] = await orthanc.instances.store(file.chunks);
    expect(receipt?.status).toBe('FilteredOut');
    const stow = await (await orthanc.dicomWeb())?.store([file]);
    expect((stow?.referenced ?? 0) + (stow?.failed.length ?? 0)).toBe(1);
    expect(await orthanc.studies.ofInstances([made.ID])).toEqual([]);
  });

  it("that are not there are not found, by Orthanc's own word", async () => {
    for (const read of [() => orthanc.instances.readFile(nobody), () => orthanc.instances.openFile(nobody)])
      await expect(read()).rejects.toMatchObject({
        code: 'ORTHANC_NOT_FOUND',
        facts: { isOrthancAnswer: true },
      });
    expect(await orthanc.studies.instances(nobody)).toEqual([]);
    expect(await orthanc.studies.ofInstances([nobody])).toEqual([]);
    await expect(orthanc.studies.uid(nobody)).rejects.toMatchObject({ code: 'ORTHANC_NOT_FOUND' });
  });
});

describe('listings', () => {
  it('tell every study, and the studies of instances', async () => {
    const files = instancesOf({ seed: 'client-list', studies: 5 });
    for (const { bytes } of files) await orthanc.instances.store(bytes);
    const studies = new Set<string>(files.map((file) => file.orthancIds().study));
    const listed = new Set<string>();
    for await (const { ids } of orthanc.studies.pages()) for (const id of ids) listed.add(id);
    expect(listed.size).toBe((await orthanc.statistics()).studies);
    for (const study of studies) expect(listed).toContain(study);
    const instances = files.map((file) => file.orthancIds().instance);
    expect(new Set(await orthanc.studies.ofInstances([...instances, nobody]))).toEqual(studies);
  });

  it('tell the heads of all studies, and of those that another server has told, without asking for each', async () => {
    for (const { bytes } of instancesOf({ seed: 'client-heads', studies: 5 }))
      await orthanc.instances.store(bytes);
    const ids: string[] = [];
    for await (const page of orthanc.studies.pages()) ids.push(...page.ids);
    const known = new Set(await orthanc.studies.heads(ids));
    expect(known.size).toBe(ids.length);
    proxy.forget();
    await using watched = through();
    const heads: StudyHead[] = [];
    for await (const page of watched.studies.headPages()) heads.push(...page);
    expect(new Set(heads)).toEqual(known);
    expect(new Set(await watched.studies.headsAlike(heads))).toEqual(known);
    expect(proxy.requests.filter(({ path }) => path.endsWith('/tools/bulk-content'))).toEqual([]);
    const stranger = { id: nobody, uid: '1.2.3', seriesIds: [] };
    expect(new Set(await watched.studies.headsAlike([...heads, stranger]))).toEqual(known);
  });

  it('tell the same of an Orthanc without ExtendedFind', async () => {
    const [file, ...others] = instancesOf({ seed: 'client-old', studies: 1 });
    if (file === undefined) throw new Error('nothing was made');
    for (const { bytes } of [file, ...others]) await orthanc.instances.store(bytes);
    const { study } = file.orthancIds();
    const removeFault = pretendOld(proxy);
    await using old = through();
    const byId = (list: readonly { id: string }[]) => list.toSorted((a, b) => a.id.localeCompare(b.id));
    expect(byId(await old.studies.instances(study))).toEqual(byId(await orthanc.studies.instances(study)));
    expect(await old.studies.instances(nobody)).toEqual([]);
    removeFault();
  });

  it('of an Orthanc without ExtendedFind leave out what was deleted meanwhile', async () => {
    const files = instancesOf({ seed: 'client-deleted', studies: 1 });
    for (const { bytes } of files) await orthanc.instances.store(bytes);
    const [first, ...others] = files.map((file) => file.orthancIds());
    if (first === undefined) throw new Error('nothing was made');
    const listing = `/studies/${first.study}/instances?expand`;
    const body = JSON.stringify(await orthanc.call({ method: 'GET', path: listing }));
    await orthanc.call({ method: 'DELETE', path: `/instances/${first.instance}` });
    const removeFaults = [
      pretendOld(proxy),
      proxy.addFault({ effect: 'answer', status: 200, body, matching: ({ path }) => path === listing }),
    ];
    await using old = through();
    const told = (await old.studies.instances(first.study)).map(({ id }) => id);
    expect(told.toSorted()).toEqual(others.map(({ instance }) => instance as string).toSorted());
    for (const removeFault of removeFaults) removeFault();
  });

  it('are whole although the server tells three at a time', async () => {
    await using limited = await testbed.startOrthanc({
      name: 'limited',
      configuration: { LimitFindInstances: 3, LimitFindResults: 3 },
    });
    await using limitedProxy = await startFaultProxy(limited.url);
    await using client = connectOrthanc({ url: limited.url });
    const files = instancesOf({ seed: 'client-limited', studies: 5 });
    await seedOrthanc(
      limited,
      files.map(({ bytes }) => bytes),
    );
    const wanted = new Map<string, string[]>();
    for (const file of files) {
      const { study, instance } = file.orthancIds();
      wanted.set(study, [...(wanted.get(study) ?? []), instance].toSorted());
    }
    const ids = (instances: readonly { id: string }[] = []) => instances.map(({ id }) => id).toSorted();

    const listed: string[] = [];
    for await (const page of client.studies.pages()) listed.push(...page.ids);
    expect(listed.toSorted()).toEqual([...wanted.keys()].toSorted());
    const heads = await client.studies.heads(listed);
    const together = await client.studies.instancesOfEach(heads);
    pretendOld(limitedProxy);
    await using old = connectOrthanc({ url: limitedProxy.url });
    for (const [study, instances] of wanted) {
      expect(ids(together.get(study))).toEqual(instances);
      expect(ids(await client.studies.instances(study))).toEqual(instances);
      expect(ids(await old.studies.instances(study))).toEqual(instances);
    }
    expect(ids(await client.findInstances({}))).toEqual([...wanted.values()].flat().toSorted());
    const everyInstance = [...wanted.values()].flat();
    expect((await client.studies.ofInstances(everyInstance)).toSorted()).toEqual(listed.toSorted());
  });

  it('of changes are filtered, and end where the log ends', async () => {
    const since = await orthanc.changes.last();
    const [file] = instancesOf({ seed: 'client-changes', studies: 1 });
    if (file === undefined) throw new Error('nothing was made');
    await orthanc.instances.store(file.bytes);
    const { study, instance } = file.orthancIds();
    const page = await orthanc.changes.read({ since, limit: 100, types: ['NewStudy', 'NewInstance'] });
    expect(page.changes.map(({ type, id }) => [type, id]).toSorted()).toEqual([
      ['NewInstance', instance],
      ['NewStudy', study],
    ]);
    expect(page.last).toBeGreaterThan(since);
    const beyond = await orthanc.changes.read({ since: since + 1_000_000, limit: 100 });
    expect(beyond).toMatchObject({ changes: [], isDone: true });
    expect(beyond.last).toBeLessThan(since + 1_000_000);
  });

  it('of labels follow what is put and removed', async () => {
    const [file] = instancesOf({ seed: 'client-labels', studies: 1 });
    if (file === undefined) throw new Error('nothing was made');
    await orthanc.instances.store(file.bytes);
    const study = { level: 'studies', id: file.orthancIds().study } as const;
    for (let n = 0; n < 2; n += 1) await orthanc.labels.put(study, 'LABEL1');
    expect(await orthanc.labels.list(study)).toEqual(['LABEL1']);
    for (let n = 0; n < 2; n += 1) await orthanc.labels.remove(study, 'LABEL1');
    expect(await orthanc.labels.list(study)).toEqual([]);
  });
});

describe('connections', () => {
  it('are few however many requests there are', async () => {
    const [file] = instancesOf({ seed: 'client-connections', studies: 1 });
    if (file === undefined) throw new Error('nothing was made');
    await orthanc.instances.store(file.bytes);
    const { instance } = file.orthancIds();
    await using tcp = await startFaultProxy(server.url, { level: 'tcp' });
    await using client = connectOrthanc({ url: tcp.url });
    const worker = async (): Promise<void> => {
      for (let n = 0; n < 50; n += 1) await client.instances.readFile(instance);
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    expect(tcp.connectionCount()).toBeLessThanOrEqual(4);
  });

  it('over TLS trust the named authority only, and show the client certificate', async () => {
    const certificates = await createCertificates();
    const { authority: ca, client } = certificates;
    await using open = await startFaultProxy(server.url, { serveTls: { certificates } });
    await using closed = await startFaultProxy(server.url, {
      serveTls: { certificates, clientCertificates: 'required' },
    });
    const [file] = instancesOf({ seed: 'client-tls', studies: 1 });
    if (file === undefined) throw new Error('nothing was made');
    const speak = async (connection: OrthancConnection): Promise<string> => {
      await using secure = connectOrthanc(connection);
      await secure.instances.store(file.bytes);
      return (await secure.system()).version;
    };
    const untrusted = { kind: 'configuration', code: 'ORTHANC_TLS' };
    expect(await speak({ url: open.url, tls: { ca } })).toBe(server.version);
    expect(await speak({ url: open.url, tls: { isUnchecked: true } })).toBe(server.version);
    await expect(speak({ url: open.url })).rejects.toMatchObject(untrusted);
    await expect(speak({ url: closed.url, tls: { ca } })).rejects.toMatchObject({
      code: expect.stringMatching(/^ORTHANC_(TLS|CONNECTION_LOST|NO_ANSWER)$/) as unknown,
    });
    const shown = { certificate: client.cert, key: client.key };
    expect(await speak({ url: closed.url, tls: { ca, ...shown } })).toBe(server.version);
  });

  it('with wrong credentials are refused as a fault of the configuration', async () => {
    await using locked = await testbed.startOrthanc({
      name: 'locked',
      configuration: { AuthenticationEnabled: true, RegisteredUsers: { doctor: 'secret' } },
    });
    const as = (password: string): Orthanc => connectOrthanc({ url: locked.url, user: 'doctor', password });
    await using wrong = as('wrong');
    await using right = as('secret');
    const refused = { kind: 'configuration', code: 'ORTHANC_UNAUTHORIZED', scope: 'run' };
    await expect(wrong.system()).rejects.toMatchObject(refused);
    await expect(wrong.instances.store(Buffer.from('x'))).rejects.toMatchObject(refused);
    expect((await right.system()).version).toBe(locked.version);
  });
});

describe('a network that misbehaves', () => {
  const isUpload = ({ method }: { method: string }): boolean => method === 'POST';
  const one = (seed: string): SyntheticInstance => {
    const [file] = instancesOf({ seed, studies: 1, imageSize: 256 });
    if (file === undefined) throw new Error('nothing was made');
    return file;
  };

  it('leaves open what came of an upload whose answer was lost, and the instance may be there', async () => {
    const file = one('client-lost');
    const removeFault = proxy.addFault({ effect: 'lose-answer', matching: isUpload });
    await using client = through();
    await expect(client.instances.store(file.bytes)).rejects.toMatchObject({
      kind: 'ambiguous',
      code: 'ORTHANC_NO_ANSWER',
    });
    removeFault();
    expect(await orthanc.studies.ofInstances([file.orthancIds().instance])).toHaveLength(1);
  });

  it('stores nothing of an upload that was cut', async () => {
    const file = one('client-cut');
    const removeFault = proxy.addFault({ effect: 'cut-request', afterBytes: 1000, matching: isUpload });
    await using client = through();
    await expect(client.instances.store(file.bytes)).rejects.toMatchObject({
      code: expect.stringMatching(/^ORTHANC_(CONNECTION_LOST|NO_ANSWER)$/) as unknown,
    });
    removeFault();
    expect(await orthanc.studies.ofInstances([file.orthancIds().instance])).toEqual([]);
  });

  it('gives no part of a file for a whole one, by either way', async () => {
    const file = one('client-half');
    await orthanc.instances.store(file.bytes);
    const removeFault = proxy.addFault({
      effect: 'cut-answer',
      afterBytes: 5000,
      matching: ({ path }) => path.endsWith('/file') || path.startsWith('/dicom-web/studies/'),
    });
    await using client = through();
    const { instance } = file.orthancIds();
    await expect(client.instances.readFile(instance)).rejects.toMatchObject({
      kind: 'transient',
      code: 'ORTHANC_CONNECTION_LOST',
    });
    const web = await client.dicomWeb();
    const retrieve = async (): Promise<void> => {
      const answer = await web?.retrieve({ studyUid: file.identifiers.studyInstanceUid });
      if (answer === undefined) throw new Error('the testbed has DICOMweb');
      for await (const part of splitMultipart(answer.body, answer.boundary)) expect(part.length).toBe(-1);
    };
    await expect(retrieve()).rejects.toMatchObject({ kind: 'transient' });
    removeFault();
  });

  it('is told from a server that is away', async () => {
    await using client = through({ limits: { connect: 2000, idle: 300 } });
    await proxy.disturb({ refuse: true });
    await expect(client.system()).rejects.toMatchObject({ code: 'ORTHANC_UNREACHABLE', scope: 'run' });
    await proxy.clear();
    const removeFault = proxy.addFault({ effect: 'hang' });
    await expect(client.instances.readFile(nobody)).rejects.toMatchObject({
      kind: 'transient',
      code: 'ORTHANC_NO_ANSWER',
      scope: 'item',
    });
    removeFault();
    expect((await client.system()).version).toBe(server.version);
  });
});
