import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  compareSnapshots,
  openTestbed,
  seedOrthanc,
  snapshotOrthanc,
  startFaultProxy,
} from '../src/index.ts';
import type { RunningOrthanc, Testbed } from '../src/index.ts';

let testbed: Testbed;
let orthanc: RunningOrthanc;

beforeAll(async () => {
  testbed = await openTestbed();
  orthanc = await testbed.startOrthanc({
    name: 'life',
    environment: { ORTHANC__STABLE_AGE: '7', ORTHANC__DICOM_WEB__ROOT: '/web/' },
  });
}, 300_000);

afterAll(async () => {
  await orthanc[Symbol.asyncDispose]();
});

const createInstance = async (url: string, patientId: string): Promise<string> => {
  const tags = { PatientID: patientId, PatientName: 'Testbed^Life', Modality: 'CT' };
  const answer = await fetch(`${url}/tools/create-dicom`, {
    method: 'POST',
    body: JSON.stringify({ Tags: tags }),
  });
  return ((await answer.json()) as { ID: string }).ID;
};
const files = async function* (url: string, ids: Iterable<string>): AsyncGenerator<Uint8Array> {
  for (const id of ids)
    yield new Uint8Array(await (await fetch(`${url}/instances/${id}/file`)).arrayBuffer());
};

describe(`a real Orthanc`, () => {
  it('answers as what it is', async () => {
    const system = (await (await fetch(`${orthanc.url}/system`)).json()) as Record<string, unknown>;
    expect(system).toMatchObject({ Name: 'life', DicomAet: 'LIFE', Version: orthanc.version });
    expect(orthanc.version).toMatch(/^1\.13\.\d+$/);
    expect(await (await fetch(`${orthanc.url}/plugins`)).json()).toEqual(
      expect.arrayContaining(['dicom-web', 'gdcm']),
    );
  });

  it('takes settings from variables, as the public image does', async () => {
    expect((await fetch(`${orthanc.url}/dicom-web/studies`)).status).toBe(404);
    expect((await fetch(`${orthanc.url}/web/studies`)).status).toBe(200);
  });

  it.each(['stop', 'kill'] as const)('keeps its address and its data over %s and start', async (end) => {
    const id = await createInstance(orthanc.url, end);
    const before = await snapshotOrthanc(orthanc);
    await orthanc[end]();
    await expect(fetch(`${orthanc.url}/system`)).rejects.toThrow('fetch failed');
    await orthanc.start();
    const after = await snapshotOrthanc(orthanc);
    expect(after.has(id)).toBe(true);
    expect(compareSnapshots(before, after).areEqual).toBe(true);
  });

  it('tells the CPU time that it uses', async () => {
    const before = await orthanc.cpuSeconds();
    for (let n = 0; n < 40; n += 1) await createInstance(orthanc.url, 'cpu');
    expect(await orthanc.cpuSeconds()).toBeGreaterThan(before);
  });

  it('is proved equal to another by what their files are, not by what they say', async () => {
    await using other = await testbed.startOrthanc({ name: 'other' });
    const held = await snapshotOrthanc(orthanc, { read: 'files' });
    const ids = [...held.keys()];
    await seedOrthanc(other, files(orthanc.url, ids.slice(1)));
    const difference = compareSnapshots(held, await snapshotOrthanc(other, { read: 'files' }));
    expect(difference).toEqual({
      areEqual: false,
      onlyInFirst: ids.slice(0, 1),
      onlyInSecond: [],
      different: [],
    });
    await seedOrthanc(other, files(orthanc.url, ids.slice(0, 1)));
    expect(compareSnapshots(held, await snapshotOrthanc(other, { read: 'files' })).areEqual).toBe(true);
  });

  it('is never proved by a part of what it holds', async () => {
    await using limited = await testbed.startOrthanc({
      name: 'limited',
      configuration: { LimitFindInstances: 3 },
    });
    for (let n = 0; n < 7; n += 1) await createInstance(limited.url, `limited-${String(n)}`);
    expect((await snapshotOrthanc(limited)).size).toBe(7);
    await using proxy = await startFaultProxy(limited.url);
    const body = await (await fetch(`${limited.url}/statistics`)).text();
    proxy.addFault({
      effect: 'answer',
      status: 200,
      body: body.replace(/"CountInstances" : 7/, '"CountInstances" : 8'),
      matching: ({ path }) => path === '/statistics',
    });
    await expect(snapshotOrthanc(proxy)).rejects.toThrow('counts 8 instances and lists 7');
  });

  it('reaches another as peer and as modality', async () => {
    await using target = await testbed.startOrthanc({ name: 'target' });
    const put = async (path: string, value: unknown) =>
      await fetch(`${orthanc.url}${path}`, { method: 'PUT', body: JSON.stringify(value) });
    await put('/peers/target', [target.peerUrl]);
    await put('/modalities/target', target.modality);
    const post = async (path: string, body: string) =>
      (await fetch(`${orthanc.url}${path}`, { method: 'POST', body })).status;
    expect(await post('/modalities/target/echo', '{}')).toBe(200);
    expect(await post('/peers/target/store', await createInstance(orthanc.url, 'peer'))).toBe(200);
    expect((await snapshotOrthanc(target)).size).toBe(1);
  });
});
