import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestbed, snapshotOrthanc, startFaultProxy } from '../src/index.ts';
import type { FaultProxy, RunningOrthanc, Testbed } from '../src/index.ts';

let testbed: Testbed;
let orthanc: RunningOrthanc;
let proxy: FaultProxy;

beforeAll(async () => {
  testbed = await openTestbed();
  orthanc = await testbed.startOrthanc({ name: 'behind' });
  proxy = await startFaultProxy(orthanc.url);
}, 300_000);
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await orthanc[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await proxy.clear();
  proxy.forget();
});

const isUpload = ({ method, path }: { method: string; path: string }): boolean =>
  method === 'POST' && path === '/instances';

/** A new instance as a file, which this Orthanc does not hold any more. */
const newFile = async (patientId: string): Promise<Uint8Array<ArrayBuffer>> => {
  const created = await fetch(`${orthanc.url}/tools/create-dicom`, {
    method: 'POST',
    body: JSON.stringify({ Tags: { PatientID: patientId, Modality: 'CT' } }),
  });
  const { ID: id } = (await created.json()) as { ID: string };
  const file = new Uint8Array(await (await fetch(`${orthanc.url}/instances/${id}/file`)).arrayBuffer());
  await fetch(`${orthanc.url}/instances/${id}`, { method: 'DELETE' });
  return file;
};
const upload = async (file: Uint8Array<ArrayBuffer>) =>
  await fetch(`${proxy.url}/instances`, { method: 'POST', body: file });
const held = async (): Promise<number> => (await snapshotOrthanc(orthanc)).size;

describe('a fault proxy before a real Orthanc', () => {
  it('lets an upload be stored whose answer is lost', async () => {
    const file = await newFile('lost');
    const before = await held();
    proxy.addFault({ effect: 'lose-answer', matching: isUpload, times: 1 });
    await expect(upload(file)).rejects.toThrow('fetch failed');
    expect(await held()).toBe(before + 1);
    expect(((await (await upload(file)).json()) as { Status: string }).Status).toBe('AlreadyStored');
  });

  it('keeps an upload from being stored that it cuts or answers itself', async () => {
    const file = await newFile('cut');
    const before = await held();
    proxy.addFault({ effect: 'cut-request', afterBytes: 100, matching: isUpload, times: 1 });
    proxy.addFault({ effect: 'answer', status: 503, matching: isUpload, times: 1 });
    await expect(upload(file)).rejects.toThrow('fetch failed');
    expect((await upload(file)).status).toBe(503);
    expect(await held()).toBe(before);
    expect(proxy.requests.map(({ status, fault }) => [status, fault])).toEqual([
      [undefined, 'cut-request'],
      [503, 'answer'],
    ]);
  });

  it('passes chunked uploads and streamed DICOMweb answers as they are', async () => {
    const file = await newFile('chunked');
    const pieces = async function* () {
      yield await Promise.resolve(file.subarray(0, 200));
      yield file.subarray(200);
    };
    const stored = await fetch(`${proxy.url}/instances`, {
      method: 'POST',
      body: ReadableStream.from(pieces()),
      duplex: 'half',
    });
    const { ID: id, ParentStudy: study } = (await stored.json()) as { ID: string; ParentStudy: string };
    const tags = await fetch(`${orthanc.url}/studies/${study}`);
    const { MainDicomTags: main } = (await tags.json()) as { MainDicomTags: { StudyInstanceUID: string } };
    const headers = { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' };
    const bodyOf = async (url: string): Promise<Buffer> => {
      const answer = await fetch(`${url}/dicom-web/studies/${main.StudyInstanceUID}`, { headers });
      return Buffer.from(await answer.arrayBuffer());
    };
    expect((await snapshotOrthanc(orthanc)).has(id)).toBe(true);
    expect((await bodyOf(proxy.url)).includes(Buffer.from(file))).toBe(true);
  });

  it('shows a restart of Orthanc as what it is, and serves again afterwards', async () => {
    await orthanc.kill();
    await expect(fetch(`${proxy.url}/system`)).rejects.toThrow('fetch failed');
    await orthanc.start();
    expect((await fetch(`${proxy.url}/system`)).status).toBe(200);
  });

  it('serves an Orthanc that looks for it at the name of this machine', async () => {
    await using reachable = await startFaultProxy(orthanc.url, { host: '0.0.0.0' });
    await using peer = await testbed.startOrthanc({
      name: 'sender',
      configuration: {
        OrthancPeers: { behind: [`http://${testbed.hostAddress}:${String(reachable.port)}/`] },
      },
    });
    const system = await fetch(`${peer.url}/peers/behind/system`);
    expect(await system.json()).toMatchObject({ Version: orthanc.version });
    expect(reachable.requests.map(({ path }) => path)).toEqual(['/system']);
  });
});
