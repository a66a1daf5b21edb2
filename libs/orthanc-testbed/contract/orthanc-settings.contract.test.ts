import { request } from 'node:https';
import { describe, expect, it } from '@jest/globals';
import { createCertificates, openTestbed, snapshotOrthanc, startFaultProxy } from '../src/index.ts';

const testbed = await openTestbed();
await testbed.prepare();

const statusOverTls = async (
  url: string,
  tls: { ca: string; cert?: string; key?: string },
): Promise<number | string> =>
  await new Promise((resolve) => {
    request(`${url}/system`, { ...tls, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      .end();
  });

describe('settings of a real Orthanc', () => {
  it('asks for a password', async () => {
    await using orthanc = await testbed.startOrthanc({
      configuration: { AuthenticationEnabled: true, RegisteredUsers: { doctor: 'secret' } },
    });
    expect((await fetch(`${orthanc.url}/system`)).status).toBe(401);
    expect((await snapshotOrthanc({ url: orthanc.url, user: 'doctor', password: 'secret' })).size).toBe(0);
  });

  it('has a proxy before it that serves HTTPS and asks for a client certificate', async () => {
    const certificates = await createCertificates();
    const stranger = await createCertificates();
    await using orthanc = await testbed.startOrthanc();
    await using open = await startFaultProxy(orthanc.url, { serveTls: { certificates } });
    await using closed = await startFaultProxy(orthanc.url, {
      serveTls: { certificates, clientCertificates: 'required' },
    });
    const ca = certificates.authority;
    expect(await statusOverTls(open.url, { ca })).toBe(200);
    expect(await statusOverTls(open.url, { ca: stranger.authority })).toBe('SELF_SIGNED_CERT_IN_CHAIN');
    expect(await statusOverTls(closed.url, { ca, ...certificates.client })).toBe(200);
    expect(await statusOverTls(closed.url, { ca })).not.toBe(200);
    expect(await statusOverTls(closed.url, { ca, ...stranger.client })).not.toBe(200);
  });

  it('runs a Python plugin and a Lua script', async () => {
    await using orthanc = await testbed.startOrthanc({
      pythonPlugin: `
import json, orthanc
def answer(output, uri, **request):
    output.AnswerBuffer(json.dumps({"hello": "plugin"}), "application/json")
orthanc.RegisterRestCallback("/hello", answer)
`,
      configuration: { LuaScripts: ['files:refuse.lua'] },
      files: { 'refuse.lua': 'function ReceivedInstanceFilter(dicom, origin, info) return false end' },
    });
    expect(await (await fetch(`${orthanc.url}/hello`)).json()).toEqual({ hello: 'plugin' });
    await fetch(`${orthanc.url}/tools/create-dicom`, { method: 'POST', body: '{"Tags":{"PatientID":"x"}}' });
    expect((await snapshotOrthanc(orthanc)).size).toBe(0);
  });

  it('leaves a default of the testbed away on demand', async () => {
    await using orthanc = await testbed.startOrthanc({ configuration: { DicomWeb: null } });
    expect(await (await fetch(`${orthanc.url}/plugins`)).json()).not.toContain('dicom-web');
  });

  it('lives on another day, and its data stay there', async () => {
    await using orthanc = await testbed.startOrthanc({ clock: '2020-03-01 10:00:00' });
    const now = await (await fetch(`${orthanc.url}/tools/now`)).text();
    expect(now).toMatch(/^20200301T1000/);
  });

  it('lives, as a native process, on another day from its next start on', async () => {
    const native = await openTestbed({ provider: 'native' });
    await using orthanc = await native.startOrthanc({ clock: '2020-03-01 10:00:00' });
    await orthanc.restartAt('2020-06-01 10:00:00');
    expect(await (await fetch(`${orthanc.url}/tools/now`)).text()).toMatch(/^20200601T1000/);
  });
});
