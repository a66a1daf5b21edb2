import { describe, expect, it } from '@jest/globals';
import type { SyntheticStudy } from '@orthanc-tools/dicom-synthesis';
import { type Clock, systemClock } from '@orthanc-tools/scheduling';
import { type Scene, ask, firstOf, instancesOf, openScene, usualShape } from './comparison-scene.ts';

const studyAt = (scene: Scene, at: number) => scene.studies[at] as SyntheticStudy;
const idsAt = (scene: Scene, at: number) => firstOf(studyAt(scene, at)).orthancIds();
const uidsAt = (scene: Scene, at: number) => firstOf(studyAt(scene, at)).identifiers;

/** Two studies of patients who have no other. */
function onlyStudies(scene: Scene): [SyntheticStudy, SyntheticStudy] {
  const byPatient = Map.groupBy(scene.studies, (study) => firstOf(study).identifiers.patientId);
  const [one, other] = [...byPatient.values()].filter(({ length }) => length === 1).map(([study]) => study);
  if (one === undefined || other === undefined) throw new Error('give the scene more patients');
  return [one, other];
}

describe('a PACS that tells at most 50, and does not say so', () => {
  it('costs no study and no image: exactly what was taken away is found', async () => {
    await using scene = await openScene({
      seed: 'caps',
      shape: {
        studies: 130,
        seriesPerStudy: 1,
        instancesPerSeries: 2,
        studyDates: { from: '20240101', to: '20240105' },
      },
      pacs: { tellsAtMost: 50 },
    });
    await scene.remove(scene.pacs.orthanc, 'studies', idsAt(scene, 7).study);
    await scene.remove(scene.orthanc, 'studies', idsAt(scene, 8).study);
    await scene.remove(scene.pacs.orthanc, 'instances', idsAt(scene, 9).instance);
    await scene.remove(scene.orthanc, 'instances', idsAt(scene, 10).instance);
    const expected = [
      `+ study ${uidsAt(scene, 7).studyInstanceUid}`,
      `- study ${uidsAt(scene, 8).studyInstanceUid}`,
      `+ instance ${uidsAt(scene, 9).sopInstanceUid}`,
      `- instance ${uidsAt(scene, 10).sopInstanceUid}`,
    ].toSorted();
    for (const more of [[], ['--max-cfind-study-count=50'], ['--relational-queries=false']]) {
      const { found, summary } = await scene.run({ argv: ['--level=Instance', ...more] });
      expect(found).toEqual(expected);
      expect(summary).toMatchObject({ comparedStudies: 130, notCompared: 0 });
    }
  });

  it('hides no difference in a series that is larger than its answers', async () => {
    await using scene = await openScene({
      seed: 'large',
      shape: {
        studies: 2,
        seriesPerStudy: 1,
        instancesPerSeries: 70,
        studyDates: { from: '20240101', to: '20240105' },
      },
      pacs: { tellsAtMost: 50 },
    });
    expect((await scene.run({ argv: ['--level=Instance'] })).found).toEqual([]);
    const last = instancesOf(studyAt(scene, 0)).at(-1);
    await scene.remove(scene.pacs.orthanc, 'instances', last?.orthancIds().instance ?? '');
    await scene.remove(scene.orthanc, 'instances', idsAt(scene, 1).instance);
    const { found, items } = await scene.run({ argv: ['--level=Instance'] });
    expect(found).toHaveLength(2);
    expect(found).toContain(`+ instance ${last?.identifiers.sopInstanceUid ?? ''}`);
    // It was either among the 50 that are told, or it is known by its number only.
    const other = items.find(({ symbol }) => symbol === '-');
    const told =
      other?.code === 'NOT_NAMED' ? [other.seriesInstanceUid, other.instances] : [other?.sopInstanceUid];
    expect([[uidsAt(scene, 1).seriesInstanceUid, 1], [uidsAt(scene, 1).sopInstanceUid]]).toContainEqual(told);
  });
});

describe('a PACS that is away', () => {
  it('is asked again until it answers, and nothing is called missing meanwhile', async () => {
    await using scene = await openScene({ seed: 'away', shape: { studies: 6 } });
    scene.pacs.door.reject(true);
    let lines = '';
    const run = scene.run({
      argv: ['--level=Instance'],
      onOutput: (stdout) => {
        lines = stdout;
        if (lines.includes('query.failed')) scene.pacs.door.reject(false);
      },
    });
    const { exitCode, found } = await run;
    expect(lines).toContain('query.failed');
    expect(found).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it('for good makes days that could not be compared, and no difference', async () => {
    await using scene = await openScene({ seed: 'gone', shape: { studies: 6 } });
    scene.pacs.door.reject(true);
    const { exitCode, items, summary } = await scene.run({ argv: ['--level=Instance', '--max-retries=1'] });
    expect(new Set(items.map(({ symbol }) => symbol))).toEqual(new Set(['!']));
    expect(items[0]).toMatchObject({
      code: 'DESTINATION_REJECTS_ASSOCIATION',
      studyDate: '20240101-20240131',
    });
    expect(summary).toMatchObject({ differences: 0 });
    expect(exitCode).toBe(3);
  });
});

/** On which no pause takes long. */
const impatientClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 10), signal),
};

describe('a question that Orthanc never answers', () => {
  it('is given up, while it answers others, and is not asked for ever', async () => {
    await using scene = await openScene({ seed: 'gateway', shape: { studies: 3 } });
    scene.proxy.addFault({
      effect: 'answer',
      status: 504,
      matching: ({ path }) => path === '/modalities/pacs/query',
    });
    const { exitCode, items } = await scene.run({ argv: ['--max-retries=1'], clock: impatientClock });
    expect(items[0]).toMatchObject({ symbol: '!', code: 'ORTHANC_SERVER_ERROR' });
    expect(exitCode).toBe(3);
  });
});

describe('dates', () => {
  it('that differ or are missing on one side are told, and are no differences', async () => {
    await using scene = await openScene({ seed: 'dates', shape: { studies: 6 } });
    await scene.change(scene.pacs.orthanc, studyAt(scene, 0), { StudyDate: '' });
    await scene.change(scene.pacs.orthanc, studyAt(scene, 1), { StudyDate: '19990101' });
    await scene.change(scene.orthanc, studyAt(scene, 2), { StudyDate: '' });
    await scene.change(scene.orthanc, studyAt(scene, 3), { StudyDate: '20240215' });
    const { exitCode, found, summary } = await scene.run({ argv: ['--level=Instance'] });
    expect(found).toEqual([]);
    expect(exitCode).toBe(0);
    expect(summary).toMatchObject({ comparedStudies: 6, equalStudies: 6 });
    const undated = await scene.run({ argv: ['--level=Instance', '--include-undated'] });
    expect(undated.summary).toMatchObject({ comparedStudies: 6, equalStudies: 6 });
  });

  it('that no study has are compared where that is wanted', async () => {
    await using scene = await openScene({ seed: 'undated', shape: { studies: 4 } });
    for (const side of [scene.orthanc, scene.pacs.orthanc])
      for (const [at, date] of ['', '', '0'].entries())
        await scene.change(side, studyAt(scene, at), { StudyDate: date });
    for (const at of [0, 2]) await scene.remove(scene.pacs.orthanc, 'studies', idsAt(scene, at).study);
    expect((await scene.run({})).found).toEqual([]);
    const { found } = await scene.run({ argv: ['--include-undated'] });
    const gone = [0, 2].map((at) => `+ study ${uidsAt(scene, at).studyInstanceUid}`);
    expect(found).toEqual(gone.toSorted());
  });
});

describe('attributes and persons', () => {
  it('that differ are told, and what cannot be one person is a conflict', async () => {
    await using scene = await openScene({ seed: 'persons', shape: { studies: 6 } });
    const [some, other] = onlyStudies(scene);
    await scene.change(scene.pacs.orthanc, some, { StudyDescription: 'SOMETHING ELSE' });
    await scene.change(scene.pacs.orthanc, other, { PatientBirthDate: '19010101' });
    const uidOf = (study: SyntheticStudy) => firstOf(study).identifiers.studyInstanceUid;
    const plain = await scene.run({});
    expect(plain.found).toEqual([`* study ${uidOf(other)}`]);
    expect(plain.items.find(({ symbol }) => symbol === '*')).toMatchObject({ code: 'IDENTITY_CONFLICT' });
    const { found, items } = await scene.run({
      argv: [
        '--attributes',
        'StudyDescription,PatientName,Modality,SeriesNumber,NumberOfStudyRelatedInstances',
      ],
    });
    expect(found).toEqual([some, other].map((study) => `* study ${uidOf(study)}`).toSorted());
    expect(items.find(({ code }) => code === 'ATTRIBUTES_DIFFER')?.attributes).toEqual([
      expect.objectContaining({ keyword: 'StudyDescription', there: 'SOMETHING ELSE' }),
    ]);
  });

  it('of a study that only one side has are compared with what the other says of the patient', async () => {
    await using scene = await openScene({ seed: 'stranger', shape: { studies: 3, ...usualDates } });
    const { patientId } = uidsAt(scene, 0);
    await scene.remove(scene.pacs.orthanc, 'studies', idsAt(scene, 0).study);
    const other = {
      PatientID: patientId,
      PatientName: 'STRANGER',
      StudyDate: '20100101',
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    };
    await ask(scene.pacs.orthanc, '/tools/create-dicom', {
      method: 'POST',
      body: JSON.stringify({ Tags: other }),
    });
    const { found, items } = await scene.run({});
    const uid = uidsAt(scene, 0).studyInstanceUid;
    expect(found).toEqual([`* study ${uid}`, `+ study ${uid}`]);
    expect(items.find(({ symbol }) => symbol === '*')).toMatchObject({ code: 'IDENTITY_CONFLICT' });
  });
});

const usualDates = { studyDates: usualShape.studyDates };
