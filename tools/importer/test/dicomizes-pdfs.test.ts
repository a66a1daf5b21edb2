import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { endsAt, isUpload } from './ends-at.ts';
import { type FinishedRun, type Scene, openScene, statusesIn } from './import-scene.ts';
import { tarOf, zipOf } from './zip-fixture.ts';

const pdf = Buffer.from('%PDF-1.7\nnot much of a document\n');
const more = ['--dicomize_pdf'];
const clearing = [...more, '--when-done=delete'];

const codesIn = ({ manifest }: FinishedRun) =>
  Object.fromEntries([...manifest].map(([path, { status, code }]) => [path, code ?? status]));

const ask = async (scene: Scene, path: string): Promise<unknown> =>
  (await fetch(new URL(path, scene.orthanc.url))).json();

/** Of the PDF. */
async function studyOf(scene: Scene, { manifest }: FinishedRun): Promise<string> {
  const id = manifest.get('a/report.pdf')?.id ?? '';
  return ((await ask(scene, `/instances/${id}/study`)) as { ID: string }).ID;
}

describe('a PDF', () => {
  it('becomes an instance of the one study in its folder, proved, and is found again', async () => {
    await using scene = await openScene({ seed: 431, studies: 2 });
    await scene.putAll();
    await scene.put('study0/Letter.pdf', pdf);
    const first = await scene.run({ more });
    expect([first.stderr, first.exitCode]).toEqual(['', 0]);
    const line = first.manifest.get('study0/Letter.pdf');
    expect(line?.status).toBe('stored');
    expect((await scene.held()).get(line?.id ?? '')).toBe(line?.md5);

    const image = scene.instances[0]?.orthancIds().instance ?? '';
    const tags = async (id: string) =>
      (await ask(scene, `/instances/${id}/simplified-tags`)) as Record<string, string>;
    const [document, sibling] = [await tags(line?.id ?? ''), await tags(image)];
    expect(document).toMatchObject({
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.104.1',
      Modality: 'DOC',
      DocumentTitle: 'Letter',
      MIMETypeOfEncapsulatedDocument: 'application/pdf',
    });
    for (const name of ['PatientName', 'PatientID', 'PatientBirthDate', 'StudyInstanceUID', 'StudyDate'])
      expect([name, document[name]]).toEqual([name, sibling[name]]);
    expect(document['SeriesInstanceUID']).not.toBe(sibling['SeriesInstanceUID']);

    scene.proxy.forget();
    const second = await scene.run({ more });
    expect(scene.proxy.requests.filter(({ method }) => method === 'POST')).toEqual([]);
    expect([...second.manifest]).toEqual([...first.manifest]);
    const afresh = await scene.run({ more: [...more, '--prove-again'] });
    expect(statusesIn(afresh)).toEqual({ 'already-there': scene.instances.length + 1 });
    expect(afresh.manifest.get('study0/Letter.pdf')?.id).toBe(line?.id);
  });

  it('is listed and not stored without a study, or with several, until the folder says more', async () => {
    await using scene = await openScene({ seed: 432, studies: 2 });
    const [one, other] = [scene.instances[0], scene.instances.at(-1)];
    await scene.put('mixed/a', one?.bytes ?? '');
    await scene.put('mixed/b', other?.bytes ?? '');
    await scene.put('mixed/report', pdf);
    await scene.put('lonely/report', pdf);
    const first = await scene.run({ more });
    expect(first.exitCode).toBe(0);
    expect(codesIn(first)).toEqual({
      'lonely/report': 'PDF_NO_STUDY',
      'mixed/a': 'stored',
      'mixed/b': 'stored',
      'mixed/report': 'PDF_SEVERAL_STUDIES',
    });
    expect(first.summary).toMatchObject({ notDicomFiles: 2, storedInstances: 2 });
    await scene.put('lonely/image', one?.bytes ?? '');
    expect(codesIn(await scene.run({ more }))).toMatchObject({
      'lonely/report': 'stored',
      'mixed/report': 'PDF_SEVERAL_STUDIES',
    });
  });

  it('goes to the study of images that lay beside it, when all are taken away', async () => {
    await using scene = await openScene({ seed: 439, studies: 2 });
    await scene.put('a/one', scene.instances[0]?.bytes ?? '');
    await scene.put('a/report.pdf', pdf);
    const run = await scene.run({ more: clearing });
    expect(codesIn(run)).toEqual({ 'a/one': 'stored', 'a/report.pdf': 'stored' });
    expect(await readdir(join(scene.folder, 'a'))).toEqual([]);
    expect(await studyOf(scene, run)).toBe(scene.instances[0]?.orthancIds().study);
  });

  it('does not go to the study of images that were taken away before it came, but to that of the next', async () => {
    await using scene = await openScene({ seed: 440, studies: 2 });
    await scene.put('a/one', scene.instances[0]?.bytes ?? '');
    expect((await scene.run({ more: clearing })).exitCode).toBe(0);
    await scene.put('a/report.pdf', pdf);
    for (const listed of [await scene.run({ more: clearing }), await scene.run({ more: clearing })])
      expect([listed.exitCode, codesIn(listed)['a/report.pdf']]).toEqual([0, 'PDF_NO_STUDY']);
    const last = scene.instances.at(-1);
    await scene.put('a/other', last?.bytes ?? '');
    const run = await scene.run({ more: clearing });
    expect(codesIn(run)).toMatchObject({ 'a/other': 'stored', 'a/report.pdf': 'stored' });
    expect(await readdir(join(scene.folder, 'a'))).toEqual([]);
    expect(await studyOf(scene, run)).toBe(last?.orthancIds().study);
  });

  it('does not go to the study of images that others took away', async () => {
    await using scene = await openScene({ seed: 441, studies: 1 });
    await scene.put('a/one', scene.instances[0]?.bytes ?? '');
    await scene.run({ more });
    await rm(join(scene.folder, 'a/one'));
    await scene.put('a/report.pdf', pdf);
    const run = await scene.run({ more });
    expect([run.exitCode, codesIn(run)['a/report.pdf']]).toEqual([0, 'PDF_NO_STUDY']);
  });

  it('is one document, whatever the names of its files', async () => {
    await using scene = await openScene({ seed: 436, studies: 1 });
    await scene.putAll();
    await scene.put('study0/Letter.pdf', pdf);
    await scene.put('study0/Copy of the letter.pdf', pdf);
    const first = await scene.run({ more });
    expect([first.stderr, first.exitCode]).toEqual(['', 0]);
    const [one, other] = ['Letter', 'Copy of the letter'].map((name) =>
      first.manifest.get(`study0/${name}.pdf`),
    );
    expect([one?.status, other?.status].sort()).toEqual(['already-there', 'stored']);
    expect([one?.id, one?.md5]).toEqual([other?.id, other?.md5]);
    const afresh = await scene.run({ more: [...more, '--prove-again'] });
    expect(statusesIn(afresh)).toEqual({ 'already-there': scene.instances.length + 2 });
  });

  it('that an earlier run has listed becomes an instance once that is asked for', async () => {
    await using scene = await openScene({ seed: 433, studies: 1 });
    await scene.putAll();
    await scene.put('study0/report.pdf', pdf);
    expect(codesIn(await scene.run())).toMatchObject({ 'study0/report.pdf': 'PDF' });
    const { exitCode, manifest } = await scene.run({ more });
    expect([exitCode, manifest.get('study0/report.pdf')?.status]).toEqual([0, 'stored']);
    const id = manifest.get('study0/report.pdf')?.id ?? '';
    const response = await fetch(new URL(`/instances/${id}/pdf`, scene.orthanc.url));
    const bytes = Buffer.from(await response.arrayBuffer()).subarray(0, pdf.length);
    expect(createHash('md5').update(bytes).digest('hex')).toBe(createHash('md5').update(pdf).digest('hex'));
  });

  it.each([
    [5, more],
    [9, more],
    [5, clearing],
    [9, clearing],
  ])(
    'is not lost when the run ends at upload %s (%j), and decided by the next run',
    async (last, options) => {
      await using scene = await openScene({ seed: 433 + last, studies: 1 });
      await scene.putAll();
      await scene.put('study0/report.pdf', pdf);
      expect(scene.instances).toHaveLength(8);
      const signal = endsAt(scene.proxy, last, isUpload);
      const cut = await scene.run({ more: options, signal });
      expect(cut.exitCode).toBe(130);
      const { exitCode, manifest } = await scene.run({ more: options });
      expect(exitCode).toBe(0);
      expect([...manifest.values()].map(({ id, md5 }) => [id, md5]).sort()).toEqual(
        [...(await scene.held())].sort(),
      );
      expect((await scene.held()).size).toBe(9);
    },
  );
});

describe('a PDF in an archive', () => {
  const [zip, targz] = ['ZIP', 'tar.gz'] as const;

  it.each([zip, targz])('goes to the one study of its folder in the %s, wherever it stands', async (kind) => {
    await using scene = await openScene({ seed: 437, studies: 2 });
    const [first, last] = [scene.instances[0], scene.instances.at(-1)];
    const members = {
      'a/Letter.pdf': pdf,
      'a/image': first?.bytes ?? Buffer.alloc(0),
      'b/image': last?.bytes ?? Buffer.alloc(0),
      'mixed/one': first?.bytes ?? Buffer.alloc(0),
      'mixed/other': last?.bytes ?? Buffer.alloc(0),
      'mixed/report.pdf': pdf,
      'report.pdf': pdf,
    };
    await scene.put('archive', kind === zip ? zipOf(members) : await tarOf(members));
    await scene.put('outside.pdf', pdf);
    const listed = await scene.run();
    expect(codesIn(listed)).toMatchObject({ 'archive!a/Letter.pdf': 'PDF', 'outside.pdf': 'PDF' });
    const run = await scene.run({ more });
    expect([run.stderr, run.exitCode]).toEqual(['', 0]);
    expect(codesIn(run)).toEqual({
      archive: 'archive',
      'archive!a/Letter.pdf': 'stored',
      'archive!a/image': 'already-there',
      'archive!b/image': 'already-there',
      'archive!mixed/one': 'already-there',
      'archive!mixed/other': 'already-there',
      'archive!mixed/report.pdf': 'PDF_SEVERAL_STUDIES',
      'archive!report.pdf': 'PDF_NO_STUDY',
      'outside.pdf': 'PDF_NO_STUDY',
    });
    const line = run.manifest.get('archive!a/Letter.pdf');
    const document = (await ask(scene, `/instances/${line?.id ?? ''}/study`)) as { ID: string };
    expect(document.ID).toBe(first?.orthancIds().study);
    expect((await scene.held()).get(line?.id ?? '')).toBe(line?.md5);
    scene.proxy.forget();
    const again = await scene.run({ more });
    expect([...again.manifest]).toEqual([...run.manifest]);
    expect(scene.proxy.requests.filter(({ path }) => path === '/instances')).toEqual([]);
  });

  it('waits with its archive when that is to go, and is kept from deletion where it is not stored', async () => {
    await using scene = await openScene({ seed: 438, studies: 1 });
    const image = scene.instances[0]?.bytes ?? Buffer.alloc(0);
    await scene.put('stored.zip', zipOf({ image, 'letter.pdf': pdf }));
    await scene.put('listed.zip', zipOf({ 'a/image': image, 'letter.pdf': pdf }));
    const run = await scene.run({ more: clearing });
    expect([run.exitCode, await readdir(scene.folder)]).toEqual([0, ['listed.zip']]);
    expect(codesIn(run)).toMatchObject({
      'stored.zip!letter.pdf': 'stored',
      'listed.zip!letter.pdf': 'PDF_NO_STUDY',
    });
  });
});
