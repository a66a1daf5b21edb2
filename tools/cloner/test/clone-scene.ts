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
  type LinkedDestination,
  type OrthancRequest,
  type RunningOrthanc,
  type Testbed,
  compareSnapshots,
  openTestbed,
  seedOrthanc,
  snapshotOrthanc,
  startFaultProxy,
  startLinked,
} from '@orthanc-tools/orthanc-testbed';
import type { Clock } from '@orthanc-tools/scheduling';
import { runTool } from '@orthanc-tools/tool-runtime';
import { clonerTool } from '../src/cloner.ts';

export interface SceneRequest {
  readonly seed: number;
  readonly studies?: number;
  readonly seriesPerStudy?: number;
  readonly instancesPerSeries?: number;
  readonly imageSize?: number;
  /** Explicit little endian unless given. */
  readonly transferSyntaxes?: NonNullable<ArchiveRequest['transferSyntaxes']>;
  readonly source?: OrthancRequest;
  /** Of a source that asks for a user. */
  readonly credentials?: { readonly user: string; readonly password: string };
  readonly destination?: OrthancRequest;
  /** The source knows the destination as peer and modality `destination`, and so on: see `startLinked`. */
  readonly link?: Omit<LinkedDestination, 'request'>;
  /** Native where the test touches the folder of the database. */
  readonly provider?: Testbed['provider'];
}

export interface RunRequest {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** Called with all that was printed so far, whenever there is more. */
  readonly onOutput?: (stdout: string) => void;
}

export interface FinishedRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly report: CloneReportFile;
}

export interface CloneReportFile {
  readonly exitCode: number;
  readonly summary: Readonly<Record<string, number>>;
  readonly gaps: readonly { readonly reason: string }[];
  readonly ledger: { readonly byProof: Readonly<Record<string, { readonly parts: number }>> };
  readonly setAside: readonly {
    key: string;
    code: string;
    parts: readonly { part: string; code: string }[];
  }[];
}

export interface Scene extends AsyncDisposable {
  readonly source: RunningOrthanc;
  readonly destination: RunningOrthanc;
  /** Stand between the cloner and the servers. */
  readonly toSource: FaultProxy;
  readonly toDestination: FaultProxy;
  readonly folder: string;
  readonly ledgerPath: string;
  readonly instances: number;
  /** What a run is given unless the test says otherwise. */
  readonly usualArguments: readonly string[];
  run(request?: RunRequest): Promise<FinishedRun>;
  /** Orthanc IDs of what the destination lacks or holds otherwise, by an independent look at both servers. */
  differences(): Promise<string[]>;
}

/** Two real Orthancs with a fault proxy before each, the first one seeded; the cloner runs in this process. */
export async function openScene(request: SceneRequest): Promise<Scene> {
  const stack = new AsyncDisposableStack();
  const testbed = await openTestbed(request.provider === undefined ? {} : { provider: request.provider });
  const { source, destination } = await startBoth(testbed, request, stack);
  const toSource = stack.use(await startFaultProxy(source.url, { seed: request.seed }));
  const toDestination = stack.use(await startFaultProxy(destination.url, { seed: request.seed }));
  const folder = await mkdtemp(join(tmpdir(), 'cloner-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const instances = await seed(source, request);
  const ledgerPath = join(folder, 'ledger.sqlite');
  return {
    source,
    destination,
    toSource,
    toDestination,
    folder,
    ledgerPath,
    instances,
    usualArguments: usualArguments({ toSource, toDestination, folder, ledgerPath }),
    run: (run = {}) => runOnce({ toSource, toDestination, folder, ledgerPath }, run, secretsOf(request)),
    async differences() {
      const { onlyInFirst, different } = compareSnapshots(
        await snapshotOrthanc({ url: source.url, ...request.credentials }),
        await snapshotOrthanc(destination),
      );
      return [...onlyInFirst, ...different];
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function startBoth(testbed: Testbed, request: SceneRequest, stack: AsyncDisposableStack) {
  if (request.link !== undefined) {
    const destination = { ...request.link, ...(request.destination && { request: request.destination }) };
    const wanted = { destinations: { destination }, ...(request.source && { source: request.source }) };
    const linked = stack.use(await startLinked(testbed, wanted));
    return { source: linked.source, destination: linked.destinations.destination };
  }
  const [source, destination] = await Promise.all([
    testbed.startOrthanc({ name: 'source', ...request.source }),
    testbed.startOrthanc({ name: 'destination', ...request.destination }),
  ]);
  stack.use(source);
  stack.use(destination);
  return { source, destination };
}

/** Puts studies of three small images each into a source that is there already. */
export async function addStudies(
  { source }: Pick<Scene, 'source'>,
  seed: number,
  studies = 2,
): Promise<void> {
  function* files() {
    const shape = { seriesPerStudy: 1, instancesPerSeries: 3, imageSize: 16 };
    for (const study of synthesizeArchive({ seed, studies, ...shape }))
      for (const instance of study.instances()) yield instance.bytes;
  }
  await seedOrthanc(source, files());
}

/** What no output of any run may hold. */
const secretsOf = ({ credentials, ...request }: SceneRequest): string[] => [
  ...syntheticPatientNames(archiveOf(request)),
  ...(credentials === undefined ? [] : [credentials.password]),
];

const archiveOf = (request: SceneRequest): ArchiveRequest => ({
  seed: request.seed,
  studies: request.studies ?? 6,
  seriesPerStudy: request.seriesPerStudy ?? 2,
  instancesPerSeries: request.instancesPerSeries ?? 5,
  imageSize: request.imageSize ?? 16,
  ...(request.transferSyntaxes === undefined ? {} : { transferSyntaxes: request.transferSyntaxes }),
});

async function seed(source: RunningOrthanc, request: SceneRequest): Promise<number> {
  let count = 0;
  async function* files(): AsyncGenerator<Uint8Array> {
    await Promise.resolve();
    for (const study of synthesizeArchive(archiveOf(request))) {
      for (const instance of study.instances()) {
        count += 1;
        yield instance.bytes;
      }
    }
  }
  await seedOrthanc({ url: source.url, ...request.credentials }, files());
  return count;
}

type Place = Pick<Scene, 'toSource' | 'toDestination' | 'folder' | 'ledgerPath'>;

const usualArguments = (place: Place): string[] => [
  `--source-url=${place.toSource.url}`,
  `--dest-url=${place.toDestination.url}`,
  `--ledger-path=${place.ledgerPath}`,
  `--report=${reportIn(place.folder)}`,
  '--existing-changes-only',
  '--log-format=json',
];

const reportIn = (folder: string) => join(folder, 'report.json');

async function runOnce(
  place: Place,
  { argv, env = {}, clock, signal, onOutput }: RunRequest,
  secrets: readonly string[],
): Promise<FinishedRun> {
  const reportPath = reportIn(place.folder);
  let [stdout, stderr] = ['', ''];
  const exitCode = await runTool(clonerTool, {
    argv: argv ?? usualArguments(place),
    env,
    stdout: {
      write: (text: string) => {
        stdout += text;
        onOutput?.(stdout);
      },
    },
    stderr: { write: (text: string) => ((stderr += text), true) },
    ...(clock === undefined ? {} : { clock }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await readFile(reportPath, 'utf8').catch(() => '{}');
  for (const secret of secrets)
    if ([stdout, stderr, text].some((output) => output.includes(secret)))
      throw new Error('a patient name or a password was printed');
  // The report of the run before must not be taken for that of a run that wrote none.
  await rm(reportPath, { force: true });
  return { exitCode, stdout, stderr, report: JSON.parse(text) as CloneReportFile };
}
