import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { SyntheticStudy } from '@orthanc-tools/dicom-synthesis';
import { type Scene, firstOf, instancesOf, openScene } from './comparison-scene.ts';

let scene: Scene;
/** Whatever the tests have taken away, level by level. */
const expected: Record<'Study' | 'Series' | 'Instance', string[]> = { Study: [], Series: [], Instance: [] };

function studyAt(at: number): SyntheticStudy {
  const study = scene.studies[at];
  if (study === undefined) throw new Error('no such study');
  return study;
}

beforeAll(async () => {
  scene = await openScene({ seed: 'differs' });
  const { orthanc, pacs } = scene;
  const ids = (at: number) => firstOf(studyAt(at)).orthancIds();
  const uids = (at: number) => firstOf(studyAt(at)).identifiers;
  await scene.remove(pacs.orthanc, 'studies', ids(0).study);
  await scene.remove(orthanc, 'studies', ids(1).study);
  await scene.remove(pacs.orthanc, 'series', ids(2).series);
  await scene.remove(orthanc, 'series', ids(3).series);
  await scene.remove(pacs.orthanc, 'instances', ids(4).instance);
  await scene.remove(orthanc, 'instances', ids(5).instance);
  expected.Study = [`+ study ${uids(0).studyInstanceUid}`, `- study ${uids(1).studyInstanceUid}`];
  const series = [`+ series ${uids(2).seriesInstanceUid}`, `- series ${uids(3).seriesInstanceUid}`];
  expected.Series = [...expected.Study, ...series];
  const instances = [`+ instance ${uids(4).sopInstanceUid}`, `- instance ${uids(5).sopInstanceUid}`];
  expected.Instance = [...expected.Series, ...instances];
}, 300_000);

afterAll(async () => scene[Symbol.asyncDispose]());

describe('a comparison', () => {
  it.each(['Study', 'Series', 'Instance'] as const)(
    'at level %s tells what differs, and nothing else',
    async (level) => {
      const { exitCode, found, summary } = await scene.run({ argv: ['--level', level] });
      expect(found).toEqual(expected[level].toSorted());
      expect(exitCode).toBe(4);
      expect(summary).toMatchObject({
        comparedStudies: 24,
        differences: expected[level].length,
        notCompared: 0,
      });
    },
  );

  it('tells the same without questions for several studies at once', async () => {
    const { found } = await scene.run({ argv: ['--level', 'Instance', '--relational-queries', 'false'] });
    expect(found).toEqual(expected.Instance.toSorted());
  });

  it('tells the same with the newest first', async () => {
    const days = ['--from-study-date=20240331', '--to-study-date=20240101'];
    const { found } = await scene.run({ argv: ['--level=Instance'], days });
    expect(found).toEqual(expected.Instance.toSorted());
  });

  it('tells one direction only where that is wanted', async () => {
    const one = await scene.run({ argv: ['--level=Instance', '--ignore-missing-from-orthanc'] });
    expect(one.found).toEqual(expected.Instance.filter((item) => item.startsWith('+')).toSorted());
    const other = await scene.run({ argv: ['--level=Instance', '--ignore-missing-on-modality'] });
    expect(other.found).toEqual(expected.Instance.filter((item) => item.startsWith('-')).toSorted());
  });

  it('claims nothing of directions in which it did not look', async () => {
    const html = scene.path('one-sided.html');
    const ignoring = ['--ignore-missing-from-orthanc', '--ignore-missing-on-modality'];
    const { exitCode, found, summary, stdout } = await scene.run({
      argv: ['--level=Study', ...ignoring, '--html-report', html],
    });
    expect(found).toEqual([]);
    expect(exitCode).toBe(0);
    expect(summary['comparedStudies']).toBe(22);
    expect(stdout).toMatch(/"option.doubted".*only what both sides hold/);
    const page = await readFile(html, 'utf8');
    expect(page).not.toContain('Both sides hold the same.');
    expect(page).toContain('what only one side holds was not looked for.');
  });

  it('names no patient, neither in the log nor in the outputs', async () => {
    const html = scene.path('report.html');
    const { stdout } = await scene.run({ argv: ['--level=Instance', '--html-report', html] });
    const page = await readFile(html, 'utf8');
    for (const study of scene.studies) {
      const { patientId } = firstOf(study).identifiers;
      expect(stdout).not.toContain(patientId);
      expect(page).not.toContain(patientId);
    }
    expect(page).toContain('6 differences were found.');
    expect(page).toContain(firstOf(studyAt(0)).identifiers.studyInstanceUid);
  });

  it('counts the instances on both sides', async () => {
    const { summary } = await scene.run({ argv: ['--level=Instance'] });
    const all = scene.studies.flatMap(instancesOf).length;
    expect(summary['commonInstances']).toBe(all - 6 - 6 - 3 - 3 - 1 - 1);
  });
});
