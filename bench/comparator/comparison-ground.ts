import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { type Orthanc, connectOrthanc } from '@orthanc-tools/orthanc-client';
import { type RunningOrthanc, seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import type { BenchRequest } from '../measure/bench-tool.ts';
import { commandOf } from '../measure/build-tool.ts';
import { type ChildUsage, runChild } from '../measure/run-child.ts';
import { type Measured, measured } from '../measure/measured.ts';
import { fillLarge } from '../measure/fill-large.ts';
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

/** Two Orthancs with the same archive: 100,000 instances at scale 1. */
export async function prepareComparisonGround(request: BenchRequest): Promise<ComparisonGround> {
  const { scale, signal } = request;
  await using stack = new AsyncDisposableStack();
  const { archive, pacs } = await startSides(stack, request);
  const sides = [archive, pacs];
  const [half = 0, other = 0] = await seed(sides, {
    studies: Math.max(2, Math.round(wholeStudies * scale)),
    signal,
  });
  const instances = { half, whole: half + other };
  for (const side of sides) await untilQuiet(side, signal);
  const folder = await mkdtemp(join(tmpdir(), 'bench-comparator-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const limits = { idle: 600_000, overall: 600_000 };
  const orthanc = stack.use(connectOrthanc({ url: archive.url, limits }));
  const kept = stack.move();
  return {
    instances,
    compare: (range) =>
      compare({ sides, folder, signal, url: archive.url, expected: instances[range] }, range),
    findAll: () => measured(sides, () => findAll(orthanc, instances.whole)),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/**
 * While they are filled nothing becomes stable: their DICOMweb plugins would prepare answers about thousands of studies, which
 * takes longer than all that is measured. After a start everything counts as stable.
 */
const fillsUndisturbed = { StableAge: 24 * 60 * 60 };

/** Each knows the other as a modality. */
async function startSides(stack: AsyncDisposableStack, { testbed }: BenchRequest) {
  const pacs = stack.use(
    await testbed.startOrthanc({
      name: 'pacs',
      configuration: { ...fillsUndisturbed, DicomModalitiesInDatabase: true },
    }),
  );
  const archive = stack.use(
    await testbed.startOrthanc({
      name: 'archive',
      configuration: {
        ...fillsUndisturbed,
        DicomModalities: { pacs: pacs.modality },
        DicomScuTimeout: 600,
      },
    }),
  );
  const knowing = { method: 'PUT', body: JSON.stringify(archive.modality) };
  await fetch(new URL('/modalities/archive', pacs.url), knowing);
  return { archive, pacs };
}

interface Seeding {
  readonly studies: number;
  readonly signal: AbortSignal;
}

/** The same studies on both sides, half of them in each year. Gives the instances of each half. */
async function seed(sides: readonly RunningOrthanc[], { studies, signal }: Seeding): Promise<number[]> {
  const each = { seriesPerStudy: 2, instancesPerSeries: instancesPerStudy / 2, imageSize: 8 };
  const years = [
    { studies: Math.ceil(studies / 2), studyDates: { from: dates.first, to: dates.middle } },
    { studies: Math.floor(studies / 2), studyDates: { from: '20240101', to: dates.last } },
  ];
  function* files(): Generator<Uint8Array> {
    for (const [at, year] of years.entries())
      for (const study of synthesizeArchive({
        ...each,
        ...year,
        seed: `bench ${String(at)}`,
        modalities: ['CT'],
      })) {
        signal.throwIfAborted();
        for (const { bytes } of study.instances()) yield bytes;
      }
  }
  await Promise.all(sides.map((side) => fillLarge(side, files(), (some) => seedOrthanc(side, some))));
  return years.map((year) => year.studies * instancesPerStudy);
}

interface Comparing {
  readonly sides: readonly RunningOrthanc[];
  readonly url: string;
  readonly folder: string;
  /** Instances that both sides hold. */
  readonly expected: number;
  readonly signal: AbortSignal;
}

async function compare({ sides, url, folder, expected, signal }: Comparing, range: Range) {
  const report = join(folder, 'report.json');
  const argv = [
    `--url=${url}`,
    '--modality=pacs',
    '--level=Instance',
    `--from-study-date=${dates.first}`,
    `--to-study-date=${range === 'half' ? dates.middle : dates.last}`,
    `--state-folder=${folder}`,
    `--items-csv=${join(folder, 'items.csv')}`,
    `--report=${report}`,
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
  await expectCompared(report, expected);
  return {
    seconds: spent.seconds,
    cpuSeconds: spent.cpuSeconds + (usage?.cpuSeconds ?? 0),
    peakBytes: usage?.peakBytes ?? 0,
  };
}

/** Whoever overlooks some is fast. */
async function expectCompared(report: string, expected: number): Promise<void> {
  const { summary } = JSON.parse(await readFile(report, 'utf8')) as { summary: { commonInstances: number } };
  if (summary.commonInstances !== expected)
    throw new Error(
      `The comparator saw ${String(summary.commonInstances)} of ${String(expected)} instances.`,
    );
}

async function findAll(orthanc: Orthanc, expected: number): Promise<void> {
  const keys = {
    StudyDate: `${dates.first}-${dates.last}`,
    StudyInstanceUID: '',
    SeriesInstanceUID: '',
    SOPInstanceUID: '',
  };
  const found = await orthanc.modalities.find('pacs', { level: 'Instance', keys });
  if (found.length !== expected)
    throw new Error(`The C-FIND told ${String(found.length)} of ${String(expected)} instances.`);
}
