import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { type RunningOrthanc, openTestbed, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import { runProgram } from '../packaging/run-program.ts';

const command = fileURLToPath(new URL('../../tools/comparator/bin/orthanc-comparator.mjs', import.meta.url));

export interface ReportScene extends AsyncDisposable {
  /** The page of the last of several comparisons, between which something was lost on either side. */
  readonly page: string;
  readonly folder: string;
}

/** Words that must not do anything on the page. */
const evil = '<script>document.title="taken over"</script>';

/** Compares two Orthancs by the built command, three times, and leaves the report. One study has another description. */
export async function openReportScene(description = evil): Promise<ReportScene> {
  await using stack = new AsyncDisposableStack();
  const testbed = await openTestbed({ provider: 'native' });
  const pacs = stack.use(
    await testbed.startOrthanc({
      name: 'pacs',
      configuration: { DicomModalitiesInDatabase: true, OverwriteInstances: true },
    }),
  );
  const archive = stack.use(
    await testbed.startOrthanc({
      name: 'archive',
      configuration: { DicomModalities: { pacs: pacs.modality } },
    }),
  );
  await ask(pacs, '/modalities/archive', { method: 'PUT', body: JSON.stringify(archive.modality) });
  const folder = await mkdtemp(join(tmpdir(), 'report-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const ids = await fill([archive, pacs]);
  const page = join(folder, 'comparison.html');
  await compare(archive, folder);
  for (const id of ids.slice(0, 2)) await ask(archive, `/studies/${id}`, { method: 'DELETE' });
  await compare(archive, folder);
  for (const id of ids.slice(2, 5)) await ask(pacs, `/studies/${id}`, { method: 'DELETE' });
  await loseImages(pacs, ids.slice(5, 9));
  await rename(pacs, ids[10] ?? '', description);
  await compare(archive, folder);
  const kept = stack.move();
  return { page, folder, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function ask(server: RunningOrthanc, path: string, init: RequestInit = {}): Promise<unknown> {
  const answer = await fetch(new URL(path, server.url), init);
  if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${await answer.text()}`);
  return answer.headers.get('content-type')?.includes('json') ? answer.json() : undefined;
}

/** The same on both sides; gives the Orthanc identifiers of the studies. */
async function fill(sides: readonly RunningOrthanc[]): Promise<string[]> {
  const studies = [
    ...synthesizeArchive({
      seed: 'report',
      studies: 90,
      seriesPerStudy: 2,
      instancesPerSeries: 2,
      imageSize: 8,
      studyDates: { from: '20220201', to: '20220302' },
    }),
  ];
  const instances = studies.map((study) => [...study.instances()]);
  for (const side of sides)
    await seedOrthanc(
      side,
      instances.flat().map(({ bytes }) => bytes),
    );
  return instances.flatMap(([first]) => (first === undefined ? [] : [first.orthancIds().study]));
}

async function loseImages(server: RunningOrthanc, studies: readonly string[]): Promise<void> {
  for (const id of studies) {
    const [first] = (await ask(server, `/studies/${id}/instances`)) as { ID: string }[];
    await ask(server, `/instances/${first?.ID ?? ''}`, { method: 'DELETE' });
  }
}

async function rename(server: RunningOrthanc, study: string, description: string): Promise<void> {
  const content = {
    Replace: { StudyDescription: description },
    Keep: ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID'],
    Force: true,
  };
  await ask(server, `/studies/${study}/modify`, { method: 'POST', body: JSON.stringify(content) });
}

async function compare(archive: RunningOrthanc, folder: string): Promise<void> {
  const words = [
    `--url=${archive.url}`,
    '--modality=pacs',
    '--level=Instance',
    '--attributes=StudyDescription,ModalitiesInStudy',
    '--from-study-date=20220201',
    '--to-study-date=20220302',
    '--orthanc-links=https://orthanc-a.example:8042',
    `--html-report=${join(folder, 'comparison.html')}`,
    `--state-folder=${folder}`,
  ];
  const { exitCode, stderr } = await runProgram(process.execPath, [command, ...words], folder);
  if (exitCode !== 0 && exitCode !== 4) throw new Error(stderr);
}
