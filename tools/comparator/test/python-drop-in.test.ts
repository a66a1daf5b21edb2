import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SyntheticStudy } from '@orthanc-tools/dicom-synthesis';
import { type Scene, firstOf, openScene } from './comparison-scene.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene({
    seed: 'python',
    shape: { studies: 6, studyDates: { from: '20220201', to: '20220302' } },
  });
}, 300_000);

afterAll(async () => scene[Symbol.asyncDispose]());

// The documentation's own, letter by letter, but for the address, the name of the modality and the hours.
const documented =
  '--level=Instance --url=http://pacs-2022:8042 --modality=pacs-2017 --from_study_date=20220201 --to_study_date=20220302 --transfer_missing_to_modality --ignore_missing_from_orthanc --run_only_at_night_and_weekend --night_start_hour=19 --night_end_hour=6';

const here = () =>
  documented
    .replace('http://pacs-2022:8042', scene.proxy.url)
    .replace('pacs-2017', 'pacs')
    .replace('--night_start_hour=19 --night_end_hour=6', '--night_start_hour=6 --night_end_hour=19')
    .split(' ');

const study = () => scene.studies[0] as SyntheticStudy;

describe('what worked with the Python tool works', () => {
  it('on the command line', async () => {
    await scene.remove(scene.pacs.orthanc, 'studies', firstOf(study()).orthancIds().study);
    const { exitCode, summary } = await scene.run({ plainly: here() });
    expect(summary).toMatchObject({ comparedStudies: 6, repaired: 1, differences: 0 });
    expect(exitCode).toBe(0);
  });

  it('by its variables, of which "false" means no', async () => {
    await scene.remove(scene.pacs.orthanc, 'studies', firstOf(study()).orthancIds().study);
    const env = {
      ORTHANC_URL: scene.proxy.url,
      MODALITY: 'pacs',
      FROM_STUDY_DATE: '20220201',
      TO_STUDY_DATE: '20220302',
      LEVEL: 'Series',
      TRANSFER_MISSING_TO_MODALITY: 'false',
      IGNORE_MISSING_FROM_ORTHANC: 'true',
      RETRIEVE_MISSING_FROM_ORTHANC: 'false',
      IGNORE_MISSING_ON_MODALITY: 'false',
      ERROR_LOG_FILE_PATH: scene.path('errors.log'),
    };
    const { exitCode, found } = await scene.run({ plainly: [], env });
    expect(found).toEqual([`+ study ${firstOf(study()).identifiers.studyInstanceUid}`]);
    expect(exitCode).toBe(4);
    const repaired = await scene.run({ plainly: [], env: { ...env, TRANSFER_MISSING_TO_MODALITY: 'true' } });
    expect(repaired.summary).toMatchObject({ repaired: 1 });
    expect(repaired.exitCode).toBe(0);
  });

  it.each([
    [['--level=Study', '--modality=pacs'], '--from-study-date (FROM_STUDY_DATE)'],
    [
      ['--from_study_date=20220201', '--to_study_date=20220230', '--modality=pacs'],
      '--to-study-date (TO_STUDY_DATE)',
    ],
    [['--from_study_date=20220201', '--to_study_date=20220228'], '--modality (MODALITY)'],
    [['--days_to_compare=3', '--modality=pacs', '--execution_time=02:00'], '--execution-day (EXECUTION_DAY)'],
    [['--level=Hash', '--days_to_compare=3', '--modality=pacs'], '--dest-url (DEST_URL)'],
    [['--days_to_compare=3', '--modality=nobody'], 'nobody'],
  ])('and what cannot work is told, by flag and variable: %j', async (argv, named) => {
    const { exitCode, stderr } = await scene.run({ plainly: ['--url', scene.proxy.url, ...argv] });
    expect(stderr).toContain(named);
    expect(exitCode).toBe(2);
  });
});
