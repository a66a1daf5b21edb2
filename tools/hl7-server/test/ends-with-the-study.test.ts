import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningOrthanc, openTestbed } from '@orthanc-tools/orthanc-testbed';
import { serveHl7 } from '../src/serve-hl7.ts';
import { orderText } from './order-message.ts';
import { type Serving, startServing } from './serving.ts';

const testbed = await openTestbed({ provider: 'native' });

describe('a server that asks Orthanc which studies are stable', () => {
  let orthanc: RunningOrthanc;

  beforeAll(async () => {
    orthanc = await testbed.startOrthanc({ configuration: { StableAge: 1 } });
  });

  afterAll(async () => {
    await orthanc[Symbol.asyncDispose]();
  });

  const ask = async (path: string, content?: unknown): Promise<unknown> => {
    const init = content === undefined ? {} : { method: 'POST', body: JSON.stringify(content) };
    return (await fetch(`${orthanc.url}${path}`, init)).json();
  };

  /** A study with an image; resolves once Orthanc calls it stable. */
  async function storeStudy(studyUid: string, patientId: string, modality: string): Promise<void> {
    const { ParentStudy } = (await ask('/tools/create-dicom', {
      Force: true,
      Tags: {
        PatientID: patientId,
        StudyInstanceUID: studyUid,
        Modality: modality,
        SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
      },
    })) as { ParentStudy: string };
    const limit = AbortSignal.timeout(30_000);
    for (let isStable = false; !isStable;) {
      limit.throwIfAborted();
      isStable = ((await ask(`/studies/${ParentStudy}`)) as { IsStable: boolean }).IsStable;
    }
  }

  const order = (number: string, studyUid: string, modality = 'CT', step = 'S1') =>
    orderText({
      pid: `PID|||4711^^^HOSP||Sample^Anna||19800102|F`,
      orc: `ORC|NW|P${number}^RIS|F${number}^RIS||SC||^^^20300203101500^^R`,
      obr: `OBR|1|P${number}^RIS|F${number}^RIS|X^Chest^L||||||||||||||A${number}|R1|${step}||||${modality}\rZDS|${studyUid}`,
    });
  const options = (onStable: 'keep' | 'delete') => ({ orthancUrl: orthanc.url, onStable });
  const begin = (place: string, onStable: 'keep' | 'delete') =>
    startServing({
      place,
      options: { ...options(onStable), folder: join(place, 'worklists') },
    });
  /** Beginnings of names: accession numbers. */
  const left = async ({ names }: Serving) => (await names()).map((name) => name.split('-')[0]);

  it('removes their worklists, of the same study and patient only, and leaves every other file', async () => {
    await using first = await startServing();
    for (const message of [
      order('1', '1.2.1'),
      order('2', '1.2.2'),
      order('3', '1.2.3'),
      order('4', '1.2.4', 'CT', 'S1'),
      order('4', '1.2.4', 'MR', 'S2'),
      order('5', '1.2.5', 'CT', 'S1'),
      order('5', '1.2.5', 'CT', 'S2'),
    ])
      expect(await first.send(message)).toContain('MSA|AA');
    const foreign = await readFile(join(first.folder, (await first.names())[0] ?? ''));
    await writeFile(join(first.folder, 'A1.wl'), foreign);
    await first.stop();
    await storeStudy('1.2.1', '4711', 'CT');
    await storeStudy('1.2.2', 'another', 'CT');
    await storeStudy('1.2.4', '4711', 'CT');
    await storeStudy('1.2.5', '4711', 'CT');

    await using kept = await begin(first.place, 'keep');
    await kept.stop();
    expect(await left(kept)).toEqual(['A1', 'A1.wl', 'A2', 'A3', 'A4', 'A4', 'A5', 'A5']);

    await using second = await begin(first.place, 'delete');
    await second.logged('worklists.removed');
    await second.stop();
    // Of order 4 the CT is done; of order 5 nobody can tell which of two CT.
    expect(await left(second)).toEqual(['A1.wl', 'A2', 'A3', 'A4', 'A5', 'A5']);
    expect(second.log.join('')).toContain('"examined":2');
    expect((await readFile(join(first.folder, 'A1.wl'))).equals(foreign)).toBe(true);

    // Once more, with what is left: the MR of order 4 is not the only step of its study, though the only open one. And what
    // is ordered again, when its images are there already, is not answered by them.
    const again = await startServing({ place: first.place });
    await again.send(order('1', '1.2.1'));
    await again.send(order('6', '1.2.6'));
    await again.stop();
    await storeStudy('1.2.6', '4711', 'CT');
    await using third = await begin(first.place, 'delete');
    await third.logged('worklists.removed');
    await third.stop();
    expect(await left(third)).toEqual(['A1', 'A1.wl', 'A2', 'A3', 'A4', 'A5', 'A5']);
  });

  it('removes them also where patient or order were changed after the images came', async () => {
    await using first = await startServing({ options: { patientUpdates: true } });
    for (const message of [order('8', '1.2.8'), order('9', '1.2.9')])
      expect(await first.send(message)).toContain('MSA|AA');
    await storeStudy('1.2.8', '4711', 'CT');
    await storeStudy('1.2.9', '4711', 'CT');
    const update =
      'MSH|^~\\&|RIS|HOSP|||20260102||ADT^A08|A8|P|2.5\rPID|||4711^^^HOSP||Married^Anna||19800102|F';
    for (const message of [update, order('9', '1.2.9').replace('ORC|NW', 'ORC|XO')])
      expect(await first.send(message)).toContain('MSA|AA');
    expect(await left(first)).toEqual(['A8', 'A9']);
    await first.stop();
    await using second = await begin(first.place, 'delete');
    await second.logged('worklists.removed');
    await second.stop();
    expect(await left(second)).toEqual([]);
  });

  it('keeps all while Orthanc is away, and is ready all the same', async () => {
    await using serving = await startServing({ options: {} });
    await serving.stop();
    const away = { orthancUrl: 'http://127.0.0.1:9', onStable: 'delete' as const };
    await using next = await startServing({
      place: serving.place,
      options: { ...away, folder: serving.folder },
    });
    expect(await next.send(order('7', '1.2.7'))).toContain('MSA|AA');
    expect(await readdir(next.folder)).toHaveLength(1);
  });

  it('is refused without the address of an Orthanc', async () => {
    await expect(serveHl7({ folder: '/tmp', onStable: 'delete' })).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
    });
  });
});
