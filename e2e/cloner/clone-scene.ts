import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeArchive, syntheticPatientNames } from '@orthanc-tools/dicom-synthesis';
import {
  type FaultProxy,
  type RunningOrthanc,
  compareSnapshots,
  openTestbed,
  seedOrthanc,
  snapshotOrthanc,
  startFaultProxy,
} from '@orthanc-tools/orthanc-testbed';
import {
  type EndedCommand,
  type RunningCommand,
  builtTool,
  startCommand,
} from '../command/running-command.ts';

const cloner = builtTool('cloner');

export interface SceneRequest {
  readonly seed: number;
  readonly studies: number;
  readonly seriesPerStudy?: number;
  readonly instancesPerSeries?: number;
  /** Pixels in a row and in a column. */
  readonly imageSize?: number;
  /** Of both. */
  readonly configuration?: Readonly<Record<string, unknown>>;
}

export interface LedgerStatus {
  readonly tally: {
    readonly waiting: number;
    readonly inHand: number;
    readonly done: number;
    readonly setAside: number;
    readonly parts: number;
    readonly byOutcome: Readonly<Record<string, number>>;
    readonly byProof: Readonly<Record<string, { readonly items: number; readonly parts: number }>>;
    readonly byCode: Readonly<Record<string, number>>;
  };
}

export interface CloneReportFile {
  readonly exitCode: number;
  readonly summary: Readonly<Record<string, number>>;
  readonly setAside: readonly { readonly key: string; readonly code: string }[];
}

export interface CloneScene extends AsyncDisposable {
  readonly source: RunningOrthanc;
  readonly destination: RunningOrthanc;
  /** Stand between the cloner and the servers. */
  readonly toSource: FaultProxy;
  readonly toDestination: FaultProxy;
  readonly folder: string;
  readonly ledgerPath: string;
  readonly studies: number;
  readonly instances: number;
  /** A run that ends when all is copied; `argv`, if given, must name the ledger. */
  start(argv?: readonly string[]): RunningCommand;
  run(argv?: readonly string[]): Promise<EndedCommand>;
  /** A run from the same source into another Orthanc, with a ledger of its own. */
  runTowards(destinationUrl: string): Promise<EndedCommand>;
  /** What `status --json` answers. */
  status(ledgerPath?: string): Promise<LedgerStatus>;
  /** What `requeue --json` answers. */
  requeue(argv: readonly string[]): Promise<unknown>;
  /** Of the last run. */
  report(): Promise<CloneReportFile>;
  /** Orthanc IDs of what the destination lacks or holds otherwise, by an independent look at both servers. */
  differences(): Promise<string[]>;
}

/** Two real Orthancs with a fault proxy before each, the first one seeded, and the built command to clone it. */
export async function openCloneScene(request: SceneRequest): Promise<CloneScene> {
  const stack = new AsyncDisposableStack();
  const testbed = await openTestbed();
  const own = request.configuration && { configuration: request.configuration };
  const [source, destination] = await Promise.all([
    testbed.startOrthanc({ name: 'source', ...own }),
    testbed.startOrthanc({ name: 'destination', ...own }),
  ]);
  stack.use(source);
  stack.use(destination);
  const toSource = stack.use(await startFaultProxy(source.url, { seed: request.seed }));
  const toDestination = stack.use(await startFaultProxy(destination.url, { seed: request.seed }));
  const folder = await mkdtemp(join(tmpdir(), 'cloner-e2e-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const { instances } = await seedOrthanc(source, filesOf(request));
  const ledgerPath = join(folder, 'ledger.sqlite');
  const reportPath = join(folder, 'report.json');
  const usualArguments = [
    `--source-url=${toSource.url}`,
    `--report=${reportPath}`,
    '--existing-changes-only',
    '--log-format=json',
  ];
  const started: Promise<EndedCommand>[] = [];
  stack.defer(async () => {
    refusePatientNames(request, await Promise.all(started));
  });
  const startOwn = (argv: readonly string[]) => {
    const command = startCommand(cloner, [...usualArguments, ...argv]);
    started.push(command.ended);
    return command;
  };
  const start = (argv: readonly string[] = [`--ledger-path=${ledgerPath}`]) =>
    startOwn([`--dest-url=${toDestination.url}`, ...argv]);
  return {
    source,
    destination,
    toSource,
    toDestination,
    folder,
    ledgerPath,
    studies: request.studies,
    instances,
    start,
    runTowards: (url) =>
      startOwn([`--dest-url=${url}`, `--ledger-path=${join(folder, 'other.sqlite')}`]).ended,
    run: (argv) => start(argv).ended,
    status: async (path = ledgerPath) => (await ask(['status', `--ledger-path=${path}`])) as LedgerStatus,
    requeue: (argv) => ask(['requeue', ...argv, `--ledger-path=${ledgerPath}`]),
    report: async () => JSON.parse(await readFile(reportPath, 'utf8')) as CloneReportFile,
    async differences() {
      const held = [await snapshotOrthanc(source), await snapshotOrthanc(destination)] as const;
      const { onlyInFirst, different } = compareSnapshots(...held);
      return [...onlyInFirst, ...different];
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function ask(argv: readonly string[]): Promise<unknown> {
  const { exitCode, stdout, stderr } = await startCommand(cloner, [...argv, '--json']).ended;
  if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${String(exitCode)}: ${stderr}`);
  return JSON.parse(stdout);
}

const archiveOf = (request: SceneRequest) => ({
  seriesPerStudy: 2,
  instancesPerSeries: 5,
  imageSize: 16,
  ...request,
});

/** No command of any scene may print the name of a patient. */
function refusePatientNames(request: SceneRequest, commands: readonly EndedCommand[]): void {
  const printed = commands.map(({ stdout, stderr }) => stdout + stderr).join('');
  if (syntheticPatientNames(archiveOf(request)).some((name) => printed.includes(name)))
    throw new Error('a command printed the name of a patient');
}

/** The files of such an archive. */
export function* filesOf(request: SceneRequest): Generator<Uint8Array> {
  for (const study of synthesizeArchive(archiveOf(request)))
    for (const instance of study.instances()) yield instance.bytes;
}

export const isUpload = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  method === 'POST' && /^\/(instances|dicom-web\/studies)/.test(path);

/** Resolves when that many uploads have begun to come through the proxy from now on; disturbs none of them. */
export function uploadsBegun(proxy: FaultProxy, count: number): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    proxy.addFault({
      effect: 'answer',
      status: 500,
      rate: 0,
      matching(request) {
        if (isUpload(request)) seen += 1;
        if (seen === count) resolve();
        return false;
      },
    });
  });
}
