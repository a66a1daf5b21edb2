import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArchiveRequest, type SyntheticStudy, synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import {
  type FaultProxy,
  type OrthancRequest,
  type RunningOrthanc,
  type WaywardPacs,
  type WaywardRequest,
  openTestbed,
  seedOrthanc,
  startFaultProxy,
  startWaywardPacs,
} from '@orthanc-tools/orthanc-testbed';
import type { Clock } from '@orthanc-tools/scheduling';
import { runTool } from '@orthanc-tools/tool-runtime';
import { comparatorTool } from '../src/comparator.ts';
import type { Item } from '../src/item.ts';

export interface SceneRequest {
  readonly seed: string;
  readonly shape?: Partial<ArchiveRequest>;
  readonly pacs?: WaywardRequest;
  readonly orthanc?: OrthancRequest;
}

export type SymbolItem = Item & { readonly symbol: string };

export interface FinishedRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly summary: Readonly<Record<string, number>>;
  readonly items: readonly SymbolItem[];
  /** The items that are not equal, as `+ study 1.2.3`, sorted. */
  readonly found: readonly string[];
}

export interface RunRequest {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  readonly onOutput?: (stdout: string) => void;
  /** The whole command line but for the outputs; `argv` and `days` are then left out. */
  readonly plainly?: readonly string[];
  /** Instead of all days of the archive. */
  readonly days?: readonly string[];
}

export interface Scene extends AsyncDisposable {
  readonly orthanc: RunningOrthanc;
  readonly pacs: WaywardPacs;
  /** Between the comparator and its Orthanc. */
  readonly proxy: FaultProxy;
  /** What both sides were given. */
  readonly studies: readonly SyntheticStudy[];
  path(name: string): string;
  /** Compares all of the archive; `argv` comes last. */
  run(request?: RunRequest): Promise<FinishedRun>;
  /** Takes something away from one side. */
  remove(from: RunningOrthanc, level: 'studies' | 'series' | 'instances', orthancId: string): Promise<void>;
  /** Changes tags of a study on one side and none of its UIDs. */
  change(on: RunningOrthanc, study: SyntheticStudy, tags: Readonly<Record<string, string>>): Promise<void>;
}

export const usualShape = {
  studies: 24,
  seriesPerStudy: 2,
  instancesPerSeries: 3,
  imageSize: 8,
  modalities: ['CT', 'MR'],
  studyDates: { from: '20240101', to: '20240331' },
} as const;

/** An Orthanc and a PACS that hold the same, until a test takes something away. */
export async function openScene(request: SceneRequest): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const testbed = await openTestbed({ provider: 'native' });
  await testbed.prepare();
  // So that a test can change tags and keep the UIDs.
  const overwriting = { OverwriteInstances: true };
  const pacs = stack.use(
    await startWaywardPacs(testbed, { ...request.pacs, request: { configuration: overwriting } }),
  );
  const orthanc = stack.use(
    await testbed.startOrthanc({
      name: 'archive',
      ...request.orthanc,
      configuration: {
        DicomModalities: { pacs: pacs.modality },
        DicomScuTimeout: 10,
        ...overwriting,
        ...request.orthanc?.configuration,
      },
    }),
  );
  await pacs.know('archive', orthanc.modality);
  const proxy = stack.use(await startFaultProxy(orthanc.url, { seed: 1 }));
  const folder = await mkdtemp(join(tmpdir(), 'comparator-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const studies = [...synthesizeArchive({ ...usualShape, ...request.shape, seed: request.seed })];
  for (const side of [orthanc, pacs.orthanc]) await seedOrthanc(side, filesOf(studies));
  const path = (name: string) => join(folder, name);
  const kept = stack.move();
  return {
    orthanc,
    pacs,
    proxy,
    studies,
    path,
    run: (wanted = {}) => compare(wanted, { url: proxy.url, path }),
    remove: async (from, level, id) => {
      await ask(from, `/${level}/${id}`, { method: 'DELETE' });
    },
    change: async (on, study, tags) => {
      const content = {
        Replace: tags,
        Keep: ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID'],
        Force: true,
        KeepSource: true,
      };
      const id = firstOf(study).orthancIds().study;
      await ask(on, `/studies/${id}/modify`, { method: 'POST', body: JSON.stringify(content) });
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

export const instancesOf = (study: SyntheticStudy) =>
  study.series.flatMap(({ instances }) => [...instances()]);

export function firstOf(study: SyntheticStudy) {
  const [first] = instancesOf(study);
  if (first === undefined) throw new Error('a study without instances');
  return first;
}

function* filesOf(studies: readonly SyntheticStudy[]) {
  for (const study of studies) for (const { bytes } of instancesOf(study)) yield bytes;
}

export async function ask(server: RunningOrthanc, path: string, init: RequestInit = {}): Promise<unknown> {
  const answer = await fetch(new URL(path, server.url), init);
  if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${await answer.text()}`);
  return answer.json();
}

const allDays = ['--from-study-date', '20240101', '--to-study-date', '20240331'];

interface Place {
  readonly url: string;
  path(name: string): string;
}

async function compare(request: RunRequest, { url, path }: Place): Promise<FinishedRun> {
  let [stdout, stderr] = ['', ''];
  const itemsJson = path('items.jsonl');
  const report = path('report.json');
  await Promise.all([itemsJson, report].map((old) => rm(old, { force: true })));
  const usual = ['--url', url, '--modality', 'pacs', ...(request.days ?? allDays)];
  const outputs = ['--items-json', itemsJson, '--report', report, '--state-folder', path('state')];
  const { argv = [], env = {}, onOutput, clock, signal } = request;
  const exitCode = await runTool(comparatorTool, {
    argv: [...(request.plainly ?? [...usual, ...argv]), ...outputs],
    env,
    stdout: {
      write: (text: string) => {
        stdout += text;
        onOutput?.(stdout);
      },
    },
    stderr: { write: (text: string) => ((stderr += text), true) },
    ...(clock && { clock }),
    ...(signal && { signal }),
  });
  const items = await linesOf<SymbolItem>(itemsJson);
  const { summary = {} } = existsSync(report)
    ? (JSON.parse(await readFile(report, 'utf8')) as { summary?: Record<string, number> })
    : {};
  const found = items
    .filter(({ symbol }) => symbol !== '=')
    .map(shortly)
    .toSorted();
  return { exitCode, stdout, stderr, summary, items, found };
}

export const shortly = ({ symbol, level, ...uids }: SymbolItem): string =>
  `${symbol} ${level} ${uids.sopInstanceUid ?? uids.seriesInstanceUid ?? uids.studyInstanceUid}`;

async function linesOf<Line>(path: string): Promise<Line[]> {
  if (!existsSync(path)) return [];
  const text = await readFile(path, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}
