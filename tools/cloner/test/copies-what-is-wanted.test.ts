import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Scene, openScene } from './clone-scene.ts';

interface Listed {
  readonly ID: string;
  readonly MainDicomTags: { readonly StudyDate: string };
  readonly PatientMainDicomTags: { readonly PatientID: string };
}

const listed = async ({ url }: { url: string }) =>
  ((await (await fetch(`${url}/studies?expand`)).json()) as Listed[]).toSorted((a, b) =>
    a.ID < b.ID ? -1 : 1,
  );
const idsAt = async (server: { url: string }) => (await listed(server)).map(({ ID: id }) => id);
const run = (scene: Scene, ...more: string[]) => scene.run({ argv: [...scene.usualArguments, ...more] });

describe('a clone of some studies', () => {
  it('brings those of patients, days and labels that are asked for, and others when they are asked for later', async () => {
    await using scene = await openScene({ seed: 1401, studies: 8, seriesPerStudy: 1, instancesPerSeries: 2 });
    const studies = await listed(scene.source);
    const [first, second] = studies;
    if (first === undefined || second === undefined) throw new Error('the source is empty');
    const patient = first.PatientMainDicomTags.PatientID;
    const file = join(scene.folder, 'patients.txt');
    await writeFile(file, `${patient}\r\n`);
    const byPatient = await run(scene, `--patient-ids-file=${file}`);
    expect(byPatient.exitCode).toBe(0);
    expect(byPatient.stdout).not.toContain(patient);
    const ofPatient = studies.filter((one) => one.PatientMainDicomTags.PatientID === patient);
    expect(await idsAt(scene.destination)).toEqual(ofPatient.map(({ ID: id }) => id));

    const given = await run(scene, `--patient-id=${patient}`);
    expect(given.stdout).not.toContain(patient);
    const day = second.MainDicomTags.StudyDate;
    expect((await run(scene, `--study-date=${day}`)).exitCode).toBe(0);
    expect(await idsAt(scene.destination)).toContain(second.ID);
    const labelled = studies.at(-1)?.ID ?? '';
    await fetch(`${scene.source.url}/studies/${labelled}/labels/SEND`, { method: 'PUT' });
    expect((await run(scene, '--label=SEND,OTHER')).exitCode).toBe(0);
    expect(await idsAt(scene.destination)).toContain(labelled);
    expect((await run(scene)).exitCode).toBe(0);
    expect(await scene.differences()).toEqual([]);
  });

  it('brings those labelled since, also where labels do not travel', async () => {
    await using scene = await openScene({ seed: 1403, studies: 3, seriesPerStudy: 1, instancesPerSeries: 2 });
    const [first, second] = await idsAt(scene.source);
    const label = (study = '') =>
      fetch(`${scene.source.url}/studies/${study}/labels/SEND`, { method: 'PUT' });
    const filter = ['--label=SEND', '--belongings=none'];
    await label(first);
    expect((await run(scene, ...filter)).exitCode).toBe(0);
    expect(await idsAt(scene.destination)).toEqual([first]);
    await label(second);
    expect((await run(scene, ...filter)).exitCode).toBe(0);
    expect(await idsAt(scene.destination)).toEqual([first, second]);
  });

  it('brings studies with a series of one of the modalities, whole', async () => {
    await using scene = await openScene({ seed: 1402, studies: 8 });
    const series = (await (await fetch(`${scene.source.url}/series?expand`)).json()) as {
      MainDicomTags: { Modality: string };
      ParentStudy: string;
    }[];
    const [{ MainDicomTags: { Modality: modality } = { Modality: '' } } = {}] = series;
    const { exitCode } = await run(scene, `--modality=${modality.toLowerCase()}`);
    expect(exitCode).toBe(0);
    const wanted = new Set(
      series.filter((one) => one.MainDicomTags.Modality === modality).map((one) => one.ParentStudy),
    );
    expect(await idsAt(scene.destination)).toEqual([...wanted].toSorted());
  });

  it('refuses days that are none', async () => {
    await using scene = await openScene({ seed: 1403, studies: 1 });
    const { exitCode, stderr } = await run(scene, '--study-date=last year');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--study-date (STUDY_DATE)');
  });
});
