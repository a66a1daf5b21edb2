import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { type Orthanc, connectOrthanc } from '@orthanc-tools/orthanc-client';
import { type RunningOrthanc, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import type { BenchRequest } from '../measure/bench-tool.ts';
import { commandOf } from '../measure/build-tool.ts';
import { type ChildUsage, runChild } from '../measure/run-child.ts';
import { untilQuiet } from '../measure/until-quiet.ts';

/** Study dates of the archive; the first half of its studies, and so of its instances, lies in the first half of them. */
const dates = { first: '20230101', middle: '20231231', last: '20241231' } as const;

const instancesPerStudy = 500;
const wholeStudies = 200;

export type Range = 'half' | 'whole';

export interface ComparisonGround extends AsyncDisposable {
  readonly instances: Readonly<Record<Range, number>>;
  /** Compares at level Instance by the command; the other side holds the same. */
  compare(range: Range): Promise<Measured & Pick<ChildUsage, 'peakBytes'>>;
  /** One image-level C-FIND that tells everything. */
  findAll(): Promise<Measured>;
}

export interface Measured {
  readonly seconds: number;
  /** Of both servers and the tool. */
  readonly cpuSeconds: number;
}

/** Two Orthancs with the same archive: 100,000 instances at scale 1. */
export async function prepareComparisonGround({
  testbed,
  scale,
  signal,
}: BenchRequest): Promise<ComparisonGround> {
  await using stack = new AsyncDisposableStack();
  const pacs = stack.use(
    await testbed.startOrthanc({ name: 'pacs', configuration: { DicomModalitiesInDatabase: true } }),
  );
  const archive = stack.use(
    await testbed.startOrthanc({
      name: 'archive',
      configuration: { DicomModalities: { pacs: pacs.modality }, DicomScuTimeout: 600 },
    }),
  );
  const knowing = { method: 'PUT', body: JSON.stringify(archive.modality) };
  await fetch(new URL('/modalities/archive', pacs.url), knowing);
  const halves = await seed([archive, pacs], {
    studies: Math.max(2, Math.round(wholeStudies * scale)),
    signal,
  });
  for (const side of [archive, pacs]) await untilQuiet(side, signal);
  const folder = await mkdtemp(join(tmpdir(), 'bench-comparator-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const orthanc = stack.use(
    connectOrthanc({ url: archive.url, limits: { idle: 600_000, overall: 600_000 } }),
  );
  const kept = stack.move();
  const sides = [archive, pacs];
  return {
    instances: { half: halves[0] ?? 0, whole: (halves[0] ?? 0) + (halves[1] ?? 0) },
    compare: (range) => compare({ sides, folder, signal, url: archive.url }, range),
    findAll: () => measured(sides, () => findAll(orthanc)),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

interface Seeding {
  readonly studies: number;
  readonly signal: AbortSignal;
}

/** The same studies on both sides, half of them in each year. Gives the instances of each half. */
async function seed(sides: readonly RunningOrthanc[], { studies, signal }: Seeding): Promise<number[]> {
  const each = { seriesPerStudy: 2, instancesPerSeries: instancesPerStudy / 2, imageSize: 8 };
  const years = [
    { from: dates.first, to: dates.middle },
    { from: '20240101', to: dates.last },
  ];
  const counts: number[] = [];
  for (const [at, studyDates] of years.entries()) {
    const half = at === 0 ? Math.ceil(studies / 2) : Math.floor(studies / 2);
    const request = { ...each, seed: `bench ${String(at)}`, modalities: ['CT'], studyDates, studies: half };
    let count = 0;
    function* files(): Generator<Uint8Array> {
      for (const study of synthesizeArchive(request)) {
        signal.throwIfAborted();
        for (const { bytes } of study.instances()) yield bytes;
      }
    }
    for (const side of sides) count = (await seedOrthanc(side, files())).instances;
    counts.push(count);
  }
  return counts;
}

interface Comparing {
  readonly sides: readonly RunningOrthanc[];
  readonly url: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}

async function compare({ sides, url, folder, signal }: Comparing, range: Range) {
  const argv = [
    `--url=${url}`,
    '--modality=pacs',
    '--level=Instance',
    `--from-study-date=${dates.first}`,
    `--to-study-date=${range === 'half' ? dates.middle : dates.last}`,
    `--state-folder=${folder}`,
    `--items-csv=${join(folder, 'items.csv')}`,
    '--orthanc-timeout=600s',
  ];
  let usage: ChildUsage | undefined;
  const spent = await measured(sides, async () => {
    usage = await runChild({
      command: [process.execPath, commandOf('comparator'), ...argv],
      cwd: folder,
      env: { HOME: folder },
      signal,
    });
    if (usage.exitCode !== 0)
      throw new Error(`The comparator ended with ${String(usage.exitCode)}:\n${usage.output}`);
  });
  return {
    seconds: spent.seconds,
    cpuSeconds: spent.cpuSeconds + (usage?.cpuSeconds ?? 0),
    peakBytes: usage?.peakBytes ?? 0,
  };
}

async function measured(sides: readonly RunningOrthanc[], work: () => Promise<void>): Promise<Measured> {
  const cpu = async () => {
    let sum = 0;
    for (const side of sides) sum += await side.cpuSeconds();
    return sum;
  };
  const [before, started] = [await cpu(), performance.now()];
  await work();
  const seconds = (performance.now() - started) / 1000;
  return { seconds, cpuSeconds: (await cpu()) - before };
}

async function findAll(orthanc: Orthanc): Promise<void> {
  const keys = {
    StudyDate: `${dates.first}-${dates.last}`,
    StudyInstanceUID: '',
    SeriesInstanceUID: '',
    SOPInstanceUID: '',
  };
  const found = await orthanc.modalities.find('pacs', { level: 'Instance', keys });
  if (found.length === 0) throw new Error('The C-FIND told nothing.');
}
