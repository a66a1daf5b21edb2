import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type ArchiveRequest,
  type SyntheticInstance,
  synthesizeArchive,
  syntheticPatientNames,
} from '@orthanc-tools/dicom-synthesis';
import {
  type FaultProxy,
  type OrthancRequest,
  type RunningOrthanc,
  openTestbed,
  snapshotOrthanc,
  startFaultProxy,
} from '@orthanc-tools/orthanc-testbed';
import { runTool } from '@orthanc-tools/tool-runtime';
import { openLedger } from '@orthanc-tools/work-ledger';
import { importerTool } from '../src/importer.ts';

export interface SceneRequest {
  readonly seed: number;
  readonly studies?: number;
  readonly imageSize?: number;
  readonly orthanc?: OrthancRequest;
  /** For an Orthanc that asks for them. */
  readonly credentials?: { readonly user: string; readonly password: string };
}

export interface ManifestLine {
  readonly path: string;
  readonly status: string;
  readonly id?: string;
  readonly size: number;
  readonly md5?: string;
  readonly code?: string;
  readonly reason?: string;
}

export interface FinishedRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly summary: Readonly<Record<string, number>>;
  /** By path. */
  readonly manifest: ReadonlyMap<string, ManifestLine>;
}

export interface RunRequest {
  /** Where its Orthanc is the destination, in place of the scene's own. */
  readonly at?: Pick<Scene, 'proxy'>;
  readonly more?: readonly string[];
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onOutput?: (stdout: string) => void;
}

export interface Scene extends AsyncDisposable {
  readonly orthanc: RunningOrthanc;
  readonly proxy: FaultProxy;
  /** What is imported. */
  readonly folder: string;
  /** For ledger, report and manifest. */
  readonly work: string;
  readonly instances: readonly SyntheticInstance[];
  /** Writes a file below the folder. */
  put(path: string, bytes: Uint8Array | string): Promise<void>;
  /** Writes every synthetic instance, a folder for each study. */
  putAll(): Promise<void>;
  run(request?: RunRequest): Promise<FinishedRun>;
  /** Lets the ledger remember that the folder, or one in it, was on that disk. */
  wasOnDisk(device: string, within?: string): void;
  /** Lets all be tried again that was set aside. */
  requeue(): Promise<void>;
  /** MD5 by Orthanc ID of all that Orthanc holds, by an independent look. */
  held(): Promise<Map<string, string>>;
}

/** A real Orthanc behind a fault proxy, and a folder; the importer runs in this process. */
export async function openScene(request: SceneRequest): Promise<Scene> {
  const stack = new AsyncDisposableStack();
  const testbed = await openTestbed();
  const orthanc = stack.use(await testbed.startOrthanc({ name: 'destination', ...request.orthanc }));
  const proxy = stack.use(await startFaultProxy(orthanc.url, { seed: request.seed }));
  const work = await mkdtemp(join(tmpdir(), 'importer-'));
  stack.defer(() => rm(work, { recursive: true, force: true }));
  const folder = join(work, 'import');
  await mkdir(folder);
  const archive: ArchiveRequest = {
    seed: request.seed,
    studies: request.studies ?? 3,
    seriesPerStudy: 2,
    instancesPerSeries: 4,
    imageSize: request.imageSize ?? 16,
  };
  const studies = [...synthesizeArchive(archive)].map((study) => [...study.instances()]);
  const secrets = syntheticPatientNames(archive);
  const put = async (path: string, bytes: Uint8Array | string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  };
  return {
    orthanc,
    proxy,
    folder,
    work,
    instances: studies.flat(),
    put,
    async putAll() {
      for (const [study, instances] of studies.entries())
        for (const [at, { bytes }] of instances.entries())
          await put(`study${String(study)}/image${String(at)}`, bytes);
    },
    run: ({ at, ...run } = {}) => runOnce({ proxy: at?.proxy ?? proxy, folder, work }, run, secrets),
    wasOnDisk(device, within) {
      using ledger = openLedger(join(work, 'ledger.sqlite'));
      ledger.setCursor(within === undefined ? 'device' : `device ${within}`, device);
    },
    async requeue() {
      const argv = ['requeue', '--all', `--ledger-path=${join(work, 'ledger.sqlite')}`];
      const quiet = { write: () => true };
      const exitCode = await runTool(importerTool, { argv, env: {}, stdout: quiet, stderr: quiet });
      if (exitCode !== 0) throw new Error(`requeue ended with ${String(exitCode)}`);
    },
    held: async () =>
      new Map(
        [...(await snapshotOrthanc({ url: orthanc.url, ...request.credentials }))].map(([id, { md5 }]) => [
          id,
          md5,
        ]),
      ),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

type Place = Pick<Scene, 'proxy' | 'folder' | 'work'>;

async function runOnce(
  { proxy, folder, work }: Place,
  { more = [], argv, env = {}, signal, onOutput }: RunRequest,
  secrets: readonly string[],
): Promise<FinishedRun> {
  const [reportPath, manifestPath] = [join(work, 'report.json'), join(work, 'manifest.jsonl')];
  await Promise.all([reportPath, manifestPath].map((path) => rm(path, { force: true })));
  let [stdout, stderr] = ['', ''];
  const usual = [
    `--folder_path=${folder}`,
    `--url=${proxy.url}`,
    `--ledger-path=${join(work, 'ledger.sqlite')}`,
    `--report=${reportPath}`,
    `--manifest=${manifestPath}`,
    '--log-format=json',
    ...more,
  ];
  const exitCode = await runTool(importerTool, {
    argv: argv ?? usual,
    env: { XDG_STATE_HOME: work, ...env },
    stdout: {
      write: (text: string) => {
        stdout += text;
        onOutput?.(stdout);
      },
    },
    stderr: { write: (text: string) => ((stderr += text), true) },
    ...(signal === undefined ? {} : { signal }),
  });
  const report = await readFile(reportPath, 'utf8').catch(() => '{}');
  const manifest = await readFile(manifestPath, 'utf8').catch(() => '');
  for (const secret of secrets)
    if ([stdout, stderr, report, manifest].some((output) => output.includes(secret)))
      throw new Error('a patient name was printed');
  const lines = manifest
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ManifestLine);
  const { summary = {} } = JSON.parse(report) as { summary?: Record<string, number> };
  return { exitCode, stdout, stderr, summary, manifest: new Map(lines.map((line) => [line.path, line])) };
}

/** How often each status stands in the manifest. */
export function statusesIn({ manifest }: FinishedRun): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of manifest.values()) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
