import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { synthesizeArchive, syntheticPatientNames } from '@orthanc-tools/dicom-synthesis';
import { openTestbed, seedOrthanc, startWaywardPacs } from '@orthanc-tools/orthanc-testbed';

const command = fileURLToPath(new URL('../../tools/migrator/bin/orthanc-migrator.mjs', import.meta.url));

export interface ReportScene extends AsyncDisposable {
  readonly folder: string;
  /** The page that the migrator has written. */
  readonly page: string;
  /** SOP Instance UIDs of the images that never came. */
  readonly lost: readonly string[];
  readonly patientNames: readonly string[];
}

const studies = 40;
const archive = {
  seed: 'report',
  studies,
  seriesPerStudy: 1,
  instancesPerSeries: 3,
  imageSize: 8,
  modalities: ['CT'],
  studyDates: { from: '20240101', to: '20240331' },
} as const;

/** Migrates from a PACS that never sends four images of three studies, and tells where the page is. */
export async function openReportScene(): Promise<ReportScene> {
  await using opening = new AsyncDisposableStack();
  const testbed = await openTestbed({ provider: 'native' });
  const pacs = opening.use(await startWaywardPacs(testbed));
  const orthanc = opening.use(
    await testbed.startOrthanc({
      name: 'migrating',
      configuration: { DicomModalities: { 'old-pacs': pacs.modality } },
    }),
  );
  await pacs.know('migrating', orthanc.modality);
  const files = [...synthesizeArchive(archive)].map((study) => [...study.instances()]);
  await seedOrthanc(
    pacs.orthanc,
    files.flat().map(({ bytes }) => bytes),
  );
  const lost = [files[3]?.[0], files[3]?.[1], files[17]?.[2], files[30]?.[0]].map(
    (file) => file?.identifiers.sopInstanceUid ?? '',
  );
  await pacs.behave({ neverSends: lost });
  const folder = await mkdtemp(join(tmpdir(), 'migrator-report-'));
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  const page = join(folder, 'migration.html');
  const dates = ['--from-study-date=20240101', '--to-study-date=20240331'];
  const places = [`--html-report=${page}`, `--csv-report=${join(folder, 'migration.csv')}`];
  const options = [`--url=${orthanc.url}`, '--source-modality=old-pacs', '--max-retries=0', ...dates];
  const exitCode = await runMigrator([...options, ...places], folder);
  if (exitCode !== 3) throw new Error(`The migrator ended with ${String(exitCode)}.`);
  const stack = opening.move();
  return {
    ...{ folder, page, lost },
    patientNames: [...syntheticPatientNames(archive)],
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Not synchronously: the door of the PACS is in this process. */
async function runMigrator(argv: readonly string[], home: string): Promise<unknown> {
  const child = spawn(process.execPath, [command, ...argv], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { HOME: home },
  });
  const [exitCode] = (await once(child, 'close')) as [unknown];
  return exitCode;
}
