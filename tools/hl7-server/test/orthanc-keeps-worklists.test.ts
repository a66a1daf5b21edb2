import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningOrthanc, openTestbed } from '@orthanc-tools/orthanc-testbed';
import { serveHl7 } from '../src/serve-hl7.ts';
import { orderText } from './order-message.ts';
import { startServing } from './serving.ts';

const testbed = await openTestbed({ provider: 'native' });

const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF').toString(
  'base64',
);

describe('an Orthanc that keeps worklists by its REST API', () => {
  let orthanc: RunningOrthanc;

  beforeAll(async () => {
    const pythonPlugin = await readFile(new URL('worklists-plugin.py', import.meta.url), 'utf8');
    orthanc = await testbed.startOrthanc({ pythonPlugin });
  });

  afterAll(async () => {
    await orthanc[Symbol.asyncDispose]();
  });

  const ask = async (path: string, init?: RequestInit): Promise<unknown> =>
    (await fetch(`${orthanc.url}${path}`, init)).json();
  const held = async () => (await ask('/worklists')) as { ID: string; Tags: Record<string, unknown> }[];

  it('holds an order under one name through its changes, and no longer after it ended', async () => {
    await using serving = await startServing({ options: { orthancUrl: orthanc.url } });
    expect(await serving.send(orderText({ pid: 'PID|||4711^^^HOSP||Müller^Änne||19800102|F' }))).toContain(
      'MSA|AA',
    );
    const [first] = await held();
    expect(first?.Tags).toMatchObject({
      PatientName: 'Müller^Änne',
      PatientID: '4711',
      AccessionNumber: 'A1',
    });
    await serving.send(orderText({ orc: 'ORC|XO|P1^RIS|F1^RIS||SC||^^^20260303' }));
    const [second, ...others] = await held();
    expect([second?.ID, second?.Tags['StudyInstanceUID'], others]).toEqual([
      first?.ID,
      first?.Tags['StudyInstanceUID'],
      [],
    ]);
    expect(second?.Tags['ScheduledProcedureStepSequence']).toMatchObject([
      { ScheduledProcedureStepStartDate: '20260303' },
    ]);
    await serving.send(orderText({ orc: 'ORC|CA|P1^RIS|F1^RIS' }));
    expect(await held()).toEqual([]);
  });

  it('is told to be away by AE, and gets the order when it is back, without a restart', async () => {
    await using serving = await startServing({ options: { orthancUrl: orthanc.url } });
    const order = orderText({ orc: 'ORC|NW|P7^RIS', obr: 'OBR|1|P7^RIS||X^Y' });
    await orthanc.stop();
    expect(await serving.send(order)).toMatch(/MSA\|AE[^]*207\^Application internal error/);
    await orthanc.start();
    expect(await serving.send(order)).toContain('MSA|AA');
    expect(await held()).toHaveLength(1);
  });

  it('is waited for when it is away at the start, with the option that may be wrong', async () => {
    await using serving = await startServing({ options: { orthancUrl: 'http://127.0.0.1:9' } });
    const away = serving.log.find((line) => line.includes('worklists.away'));
    expect(away).toMatch(/ORTHANC_UNREACHABLE[^]*--orthanc-url \(ORTHANC_URL\)/);
    expect(await serving.send(orderText())).toMatch(/MSA\|AE[^]*207\^Application internal error/);
  });

  it('is refused at the start when it has no such API', async () => {
    await using plain = await testbed.startOrthanc();
    await expect(serveHl7({ orthancUrl: plain.url, listenHost: '127.0.0.1' })).rejects.toMatchObject({
      code: 'WORKLISTS_PLUGIN_MISSING',
    });
  });

  it('gets the PDF of a report into the study that it names, once, and only if the patient is the same', async () => {
    const tags = {
      PatientID: '4711',
      StudyInstanceUID: '1.2.826.9',
      Modality: 'OT',
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
    };
    await ask('/tools/create-dicom', { method: 'POST', body: JSON.stringify({ Tags: tags, Force: true }) });
    await using serving = await startServing({ options: { orthancUrl: orthanc.url, reports: true } });
    const report = (id: string, patient: string) =>
      [
        `MSH|^~\\&|A|B|||20260102||ORU^R01^ORU_R01|${id}|P|2.5`,
        `PID|||${patient}`,
        'OBR|1||1.2.826.9',
        `OBX|1|ED|PDF||^AP^PDF^Base64^${pdf}`,
      ].join('\r');
    expect(await serving.send(report('1', '4711'))).toContain('MSA|AA');
    expect(await serving.send(report('1', '4711'))).toContain('MSA|AA');
    expect(await serving.send(report('2', '4712'))).toMatch(/MSA\|AE[^]*204\^Unknown key identifier/);
    expect(await serving.send(report('3', '4711').replace(pdf, 'bm8gcGRmIG5vIHBkZiBubyBwZGY='))).toMatch(
      /102\^Data type error/,
    );
    expect((await ask('/instances')) as string[]).toHaveLength(2);
    const again = await Promise.all([serving.send(report('4', '4711')), serving.send(report('4', '4711'))]);
    expect(again.every((answer) => answer.includes('MSA|AA'))).toBe(true);
    expect((await ask('/instances')) as string[]).toHaveLength(3);
    expect((await ask('/studies')) as string[]).toHaveLength(1);
    // Without its journal, it knows the document by its UID.
    await serving.stop();
    await rm(join(serving.place, 'journal.sqlite'));
    const options = { orthancUrl: orthanc.url, reports: true };
    await using next = await startServing({ place: serving.place, options });
    expect(await next.send(report('4', '4711'))).toContain('MSA|AA');
    expect((await ask('/instances')) as string[]).toHaveLength(3);
  });
});
