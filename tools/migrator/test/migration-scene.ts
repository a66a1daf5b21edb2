import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ArchiveRequest,
  synthesizeArchive,
  syntheticPatientNames,
} from '@orthanc-tools/dicom-synthesis';
import {
  type FaultProxy,
  type OrthancRequest,
  type RunningOrthanc,
  type WaywardPacs,
  type WaywardRequest,
  openTestbed,
  seedOrthanc,
  snapshotOrthanc,
  startFaultProxy,
  startWaywardPacs,
} from '@orthanc-tools/orthanc-testbed';
import type { Clock } from '@orthanc-tools/scheduling';
import { runTool } from '@orthanc-tools/tool-runtime';
import { migratorTool } from '../src/migrator.ts';

export interface SceneRequest {
  readonly seed: string;
  readonly shape?: Partial<ArchiveRequest>;
  readonly pacs?: WaywardRequest;
  readonly orthanc?: OrthancRequest;
  /** Another archive, beside Orthanc: the modality and peer `archive` of Orthanc. */
  readonly archive?: OrthancRequest;
  /** False: only the PACS knows it. */
  readonly knowsArchive?: boolean;
  /** Orthanc is its own modality and peer `self`. */
  readonly knowsItself?: boolean;
  /** Who holds the studies; the PACS unless told otherwise. */
  readonly seeds?: 'pacs' | 'orthanc';
}

export interface RunRequest {
  /** These and no others. */
  readonly argv?: readonly string[];
  readonly more?: readonly string[];
  readonly command?: readonly string[];
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  readonly onOutput?: (stdout: string) => void;
}

export interface MissingImage {
  readonly part: string;
  readonly code: string;
}

export interface FinishedRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly summary: Readonly<Record<string, number>>;
  readonly setAside: readonly {
    readonly key: string;
    readonly code: string;
    readonly missingImages: readonly MissingImage[];
  }[];
  readonly report: Readonly<Record<string, unknown>>;
}

export interface Scene extends AsyncDisposable {
  readonly pacs: WaywardPacs;
  readonly orthanc: RunningOrthanc;
  readonly archive: RunningOrthanc | undefined;
  /** Between the migrator and Orthanc. */
  readonly proxy: FaultProxy;
  readonly folder: string;
  /** What was seeded. */
  readonly studies: readonly SeededStudy[];
  run(request?: RunRequest): Promise<FinishedRun>;
  /** The SOP Instance UIDs that a server holds, sorted, by an independent look. */
  images(server: RunningOrthanc): Promise<string[]>;
}

export interface SeededStudy {
  readonly uid: string;
  readonly date: string;
  readonly accession: string;
  readonly images: readonly string[];
  readonly files: readonly Uint8Array[];
}

const usualShape = { seriesPerStudy: 2, instancesPerSeries: 6, imageSize: 8, modalities: ['CT'] } as const;
const usualDates = { from: '20240101', to: '20240331' } as const;

export const synthesized = (seed: string, shape: Partial<ArchiveRequest> = {}): SeededStudy[] =>
  [...synthesizeArchive({ seed, studies: 3, studyDates: usualDates, ...usualShape, ...shape })].map(
    (study) => {
      const files = [...study.instances()];
      return {
        uid: study.studyInstanceUid,
        date: study.date,
        accession: study.accessionNumber,
        images: files.map(({ identifiers }) => identifiers.sopInstanceUid),
        files: files.map(({ bytes }) => bytes),
      };
    },
  );

export const imagesOf = (studies: readonly SeededStudy[]): string[] =>
  studies.flatMap(({ images }) => images).toSorted();

/** A PACS that holds studies, the Orthanc that migrates, and where asked for another archive; each knows the others. */
export async function openScene(request: SceneRequest): Promise<Scene> {
  await using opening = new AsyncDisposableStack();
  const testbed = await openTestbed();
  await testbed.prepare();
  const pacs = opening.use(await startWaywardPacs(testbed, request.pacs));
  const remembering = { DicomModalitiesInDatabase: true, OrthancPeersInDatabase: true };
  const archive =
    request.archive &&
    opening.use(
      await testbed.startOrthanc({
        name: 'archive',
        ...request.archive,
        configuration: { ...remembering, ...request.archive.configuration },
      }),
    );
  const orthanc = opening.use(
    await testbed.startOrthanc({
      name: 'migrating',
      ...request.orthanc,
      configuration: {
        DicomModalities: {
          pacs: pacs.modality,
          ...(archive && request.knowsArchive !== false && { archive: archive.modality }),
        },
        OrthancPeers: archive ? { archive: { Url: archive.peerUrl } } : {},
        ...request.orthanc?.configuration,
      },
    }),
  );
  if (request.knowsItself) await introduceItself(orthanc);
  await pacs.know('migrating', orthanc.modality);
  if (archive !== undefined) {
    await pacs.know('archive', archive.modality);
    const body = JSON.stringify(orthanc.modality);
    await fetch(`${archive.url}/modalities/migrating`, { method: 'PUT', body });
  }
  const studies = synthesized(request.seed, request.shape);
  await seedOrthanc(
    request.seeds === 'orthanc' ? orthanc : pacs.orthanc,
    studies.flatMap(({ files }) => files),
  );
  const proxy = opening.use(await startFaultProxy(orthanc.url, { seed: 7 }));
  const folder = await mkdtemp(join(tmpdir(), 'migrator-'));
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  const stack = opening.move();
  const names = syntheticPatientNames({
    ...{ seed: request.seed, studies: 3, studyDates: usualDates },
    ...usualShape,
    ...request.shape,
  });
  return {
    ...{ pacs, orthanc, archive, proxy, folder, studies },
    run: async (run = {}) => {
      const finished = await runOnce({ folder, proxy }, run);
      for (const name of names)
        if ([finished.stdout, finished.stderr, JSON.stringify(finished.report)].join('').includes(name))
          throw new Error('The output holds the name of a patient.');
      return finished;
    },
    images: imagesAt,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** As its own modality and peer, until it is started again. */
async function introduceItself({ url, aet, peerUrl }: RunningOrthanc): Promise<void> {
  const told = (await (await fetch(`${url}/system`)).json()) as { readonly DicomPort: number };
  const put = async (path: string, content: unknown) => {
    const answer = await fetch(`${url}/${path}/self`, { method: 'PUT', body: JSON.stringify(content) });
    if (!answer.ok) throw new Error(`${path}: ${String(answer.status)}`);
  };
  await put('modalities', [aet, '127.0.0.1', told.DicomPort]);
  await put('peers', { Url: peerUrl });
}

async function imagesAt(server: RunningOrthanc): Promise<string[]> {
  const ids = [...(await snapshotOrthanc(server)).keys()];
  const body = JSON.stringify({ Resources: ids, Level: 'Instance' });
  const answer = await fetch(`${server.url}/tools/bulk-content`, { method: 'POST', body });
  const told = (await answer.json()) as { MainDicomTags: { SOPInstanceUID: string } }[];
  return told.map(({ MainDicomTags: tags }) => tags.SOPInstanceUID).toSorted();
}

const usualArguments = (folder: string, proxy: FaultProxy) => [
  `--url=${proxy.url}`,
  '--source-modality=pacs',
  `--from-study-date=${usualDates.from}`,
  `--to-study-date=${usualDates.to}`,
  `--ledger-path=${join(folder, 'migrator.ledger.sqlite')}`,
  `--report=${join(folder, 'report.json')}`,
];

async function runOnce(
  { folder, proxy }: { readonly folder: string; readonly proxy: FaultProxy },
  { argv, more = [], command = [], clock, signal, onOutput }: RunRequest,
): Promise<FinishedRun> {
  let [stdout, stderr] = ['', ''];
  const given = new Set(more.map((argument) => argument.split('=')[0]));
  const usual = usualArguments(folder, proxy).filter((argument) => !given.has(argument.split('=')[0]));
  const exitCode = await runTool(migratorTool, {
    argv: argv ?? [...command, ...usual, ...more.filter((argument) => !argument.endsWith('=none'))],
    env: { HOME: folder },
    ...(clock !== undefined && { clock }),
    ...(signal !== undefined && { signal }),
    stdout: {
      write: (text: string) => {
        stdout += text;
        onOutput?.(stdout);
        return true;
      },
    },
    stderr: { write: (text: string) => ((stderr += text), true) },
  });
  const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8').catch(() => '{}')) as Record<
    string,
    unknown
  >;
  return {
    ...{ exitCode, stdout, stderr, report },
    summary: (report['summary'] ?? {}) as FinishedRun['summary'],
    setAside: (report['setAside'] ?? []) as FinishedRun['setAside'],
  };
}
