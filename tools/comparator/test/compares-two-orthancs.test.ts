import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type SyntheticStudy, synthesizeEdgeCases } from '@orthanc-tools/dicom-synthesis';
import { edgeCases } from '@orthanc-tools/dicom-synthesis/edge-cases';
import { seedOrthanc, snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import { type Scene, ask, firstOf, instancesOf, openScene } from './comparison-scene.ts';

const shape = { studies: 6, studyDates: { from: '20240101', to: '20240110' } } as const;
const days = ['--from-study-date', '20240101', '--to-study-date', '20240110'];

const studyAt = (scene: Scene, at: number) => scene.studies[at] as SyntheticStudy;
const idsAt = (scene: Scene, at: number) => firstOf(studyAt(scene, at)).orthancIds();
const uidsAt = (scene: Scene, at: number) => firstOf(studyAt(scene, at)).identifiers;

const between = (scene: Scene, ...more: readonly string[]) =>
  scene.run({
    plainly: ['--url', scene.proxy.url, '--dest-url', scene.pacs.orthanc.url, ...days, ...more],
  });

describe('two Orthancs', () => {
  it('that hold the same files are equal, also where one came by C-STORE', async () => {
    await using scene = await openScene({ seed: 'hash', shape });
    expect((await between(scene, '--level', 'Hash')).found).toEqual([]);
    await scene.remove(scene.pacs.orthanc, 'studies', idsAt(scene, 0).study);
    const content = { Resources: [idsAt(scene, 0).study], Synchronous: true };
    await ask(scene.orthanc, '/modalities/pacs/store', { method: 'POST', body: JSON.stringify(content) });
    const mine = await snapshotOrthanc(scene.orthanc);
    const theirs = await snapshotOrthanc(scene.pacs.orthanc);
    expect([...theirs.keys()].toSorted()).toEqual([...mine.keys()].toSorted());
    const { found, exitCode, summary } = await between(scene, '--level', 'Hash');
    expect(found).toEqual([]);
    expect(exitCode).toBe(0);
    expect(summary['commonInstances']).toBe(6 * 6);
  });

  it('are equal where awkward files came by C-STORE', async () => {
    await using scene = await openScene({ seed: 'awkward', shape: { ...shape, studies: 1 } });
    const names = edgeCases.map(({ name }) => name);
    const awkward = synthesizeEdgeCases({ seed: 'awkward', names, firstStudy: 1 });
    await seedOrthanc(
      scene.orthanc,
      awkward.flatMap(instancesOf).map(({ bytes }) => bytes),
    );
    for (const id of (await ask(scene.orthanc, '/instances')) as string[]) {
      const content = { Resources: [id], Synchronous: true };
      await ask(scene.orthanc, '/modalities/pacs/store', { method: 'POST', body: JSON.stringify(content) });
    }
    const all = ['--from-study-date=19000101', '--to-study-date=29991231', '--include-undated'];
    const addresses = ['--url', scene.orthanc.url, '--dest-url', scene.pacs.orthanc.url];
    const { items, summary } = await scene.run({ plainly: [...addresses, '--level=Hash', ...all] });
    expect(items.filter(({ symbol }) => symbol !== '=')).toEqual([]);
    expect(summary['commonInstances']).toBe(awkward.flatMap(instancesOf).length + 6);
  });

  it('are told apart by content, down to the instance, and repaired file by file', async () => {
    await using scene = await openScene({ seed: 'content', shape });
    await scene.change(scene.pacs.orthanc, studyAt(scene, 0), { StudyDescription: 'ANOTHER' });
    await scene.remove(scene.pacs.orthanc, 'instances', idsAt(scene, 1).instance);
    await scene.remove(scene.orthanc, 'series', idsAt(scene, 2).series);
    const { found, items } = await between(scene, '--level', 'Hash');
    const changed = found.filter((item) => item.startsWith('* instance'));
    expect(changed).toHaveLength(6);
    expect(found.filter((item) => !changed.includes(item))).toEqual([
      `+ instance ${uidsAt(scene, 1).sopInstanceUid}`,
      `- series ${uidsAt(scene, 2).seriesInstanceUid}`,
    ]);
    expect(items.filter(({ code }) => code === 'CONTENT_DIFFERS')).toHaveLength(6);
    const repair = ['--transfer-missing-to-modality', '--retrieve-missing-from-orthanc'];
    const repaired = await between(scene, '--level', 'Instance', ...repair);
    expect(repaired.found).toEqual([]);
    expect(repaired.summary['repaired']).toBe(2);
    expect((await between(scene, '--level', 'Hash')).found).toEqual(changed);
  });

  it('bring no images of a patient to a study that is without PatientID on the other side', async () => {
    await using scene = await openScene({ seed: 'no patient', shape: { ...shape, studies: 2 } });
    const { studyInstanceUid } = uidsAt(scene, 0);
    await scene.remove(scene.orthanc, 'studies', idsAt(scene, 0).study);
    const nobody = {
      PatientID: '',
      StudyInstanceUID: studyInstanceUid,
      SeriesInstanceUID: uidsAt(scene, 0).seriesInstanceUid,
      StudyDate: '20240101',
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    };
    const content = { method: 'POST', body: JSON.stringify({ Tags: nobody, Force: true }) };
    await ask(scene.orthanc, '/tools/create-dicom', content);
    const { items, exitCode, summary } = await between(scene, '--retrieve-missing-from-orthanc');
    expect(items.filter(({ symbol }) => symbol !== '=').map(({ code }) => code)).toEqual([
      'IDENTITY_CONFLICT',
      'REPAIR_HELD_BACK',
    ]);
    expect([exitCode, summary['repaired']]).toEqual([4, 0]);
    expect(await ask(scene.orthanc, '/series')).toHaveLength(3);
  });
});

describe('a server that breaks off in the middle of a file', () => {
  it('is asked for it again', async () => {
    await using scene = await openScene({ seed: 'broken off', shape: { ...shape, studies: 2 } });
    await scene.change(scene.pacs.orthanc, studyAt(scene, 0), { StudyDescription: 'ANOTHER' });
    scene.proxy.addFault({
      effect: 'cut-answer',
      afterBytes: 200,
      times: 2,
      matching: ({ path }) => path.endsWith('/file'),
    });
    const { found, exitCode } = await between(scene, '--level', 'Hash');
    expect(scene.proxy.faultCount('cut-answer')).toBe(2);
    expect(found.filter((item) => item.startsWith('* instance'))).toHaveLength(6);
    expect(exitCode).toBe(4);
  });
});

describe('an audit', () => {
  it('names the files that are damaged on the disk of Orthanc, and no other', async () => {
    await using scene = await openScene({ seed: 'audit', shape });
    const audit = () => scene.run({ plainly: ['--url', scene.proxy.url, '--audit'] });
    const before = await audit();
    expect(before.found).toEqual([]);
    expect(before.summary).toMatchObject({ comparedStudies: 6, commonInstances: 36 });
    await damage(scene, idsAt(scene, 3).instance);
    // What lies in its storage cache Orthanc does not read from the disk.
    await scene.orthanc.restart();
    const { found, items, exitCode } = await audit();
    expect(found).toEqual([`* instance ${uidsAt(scene, 3).sopInstanceUid}`]);
    expect(items.find(({ symbol }) => symbol === '*')).toMatchObject({ code: 'FILE_DAMAGED' });
    expect(exitCode).toBe(4);
  });

  it('names the instances of which Orthanc has no file any more', async () => {
    await using scene = await openScene({ seed: 'lost file', shape: { ...shape, studies: 2 } });
    scene.proxy.addFault({
      effect: 'answer',
      status: 404,
      body: '{"HttpStatus":404,"OrthancStatus":17,"OrthancError":"Unknown resource"}',
      matching: ({ path }) => path.startsWith(`/instances/${idsAt(scene, 0).instance}/attachments/`),
    });
    const { found, items, summary } = await scene.run({ plainly: ['--url', scene.proxy.url, '--audit'] });
    expect(found).toEqual([`* instance ${uidsAt(scene, 0).sopInstanceUid}`]);
    expect(items.find(({ symbol }) => symbol === '*')).toMatchObject({ code: 'FILE_MISSING' });
    expect(summary).toMatchObject({ commonInstances: 11 });
  });

  it('says so where Orthanc keeps no MD5', async () => {
    await using scene = await openScene({
      seed: 'unhashed',
      shape: { ...shape, studies: 1 },
      orthanc: { configuration: { StoreMD5ForAttachments: false } },
    });
    const { items, exitCode } = await scene.run({ plainly: ['--url', scene.proxy.url, '--audit'] });
    expect(new Set(items.map(({ symbol, code }) => `${symbol} ${code ?? ''}`))).toEqual(
      new Set(['! FILE_UNHASHED']),
    );
    expect(exitCode).toBe(3);
  });
});

/** Changes a byte in the file of an instance behind Orthanc's back. */
async function damage({ orthanc }: Scene, instanceId: string): Promise<void> {
  const { Uuid: uuid } = (await ask(orthanc, `/instances/${instanceId}/attachments/dicom/info`)) as {
    Uuid: string;
  };
  const folder = orthanc.storageFolder ?? '';
  const names = await readdir(folder, { recursive: true });
  const name = names.find((one) => one.endsWith(uuid));
  if (name === undefined) throw new Error('no such file');
  const bytes = await readFile(join(folder, name));
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0xff;
  await writeFile(join(folder, name), bytes);
}
