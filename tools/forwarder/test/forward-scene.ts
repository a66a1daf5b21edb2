import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ArchiveRequest,
  synthesizeArchive,
  syntheticPatientNames,
} from '@orthanc-tools/dicom-synthesis';
import {
  type FaultProxy,
  type LinkedOrthancs,
  type LinkedRequest,
  type OrthancRequest,
  type RequestFault,
  type RunningOrthanc,
  seedOrthanc,
  snapshotOrthanc,
  startFaultProxy,
  startLinked,
} from '@orthanc-tools/orthanc-testbed';
import { openForwardingTestbed } from './forwarding-testbed.ts';
import type { Clock } from '@orthanc-tools/scheduling';
import { runTool } from '@orthanc-tools/tool-runtime';
import type { SetAsideRow } from '@orthanc-tools/work-ledger';
import { forwarderTool } from '../src/forwarder.ts';

export interface Filling {
  readonly seed: number;
  readonly studies?: number;
  /** Of what the inbox holds, where it is to differ from the usual. */
  readonly shape?: Partial<ArchiveRequest>;
  /** So many files are made and not put into the inbox yet: the last ones. */
  readonly withheld?: number;
  /** Of an inbox that asks for a user. */
  readonly credentials?: { readonly user: string; readonly password: string };
}

export interface ServersRequest<Alias extends string> {
  readonly inbox?: OrthancRequest;
  readonly destinations: LinkedRequest<Alias>['destinations'];
}

export type SceneRequest<Alias extends string> = Filling & ServersRequest<Alias>;

export interface FinishedRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly summary: Readonly<Record<string, number>>;
  /** By a destination. */
  readonly setAside: readonly Pick<SetAsideRow, 'key' | 'code' | 'parts' | 'exceptionParts'>[];
  /** Before there was one to be sent to, or when it was to be deleted. */
  readonly setAsideHere: FinishedRun['setAside'];
  /** Lines of the transfer log. */
  readonly transfers: readonly Readonly<Record<string, unknown>>[];
}

export interface RunRequest {
  /** These and no others. */
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Before the options: `doctor`, `--json`. Nothing for a run. */
  readonly command?: readonly string[];
  readonly more?: readonly string[];
  readonly quietTime?: string;
  /** Instead of ending when everything there is forwarded, until the signal is aborted. */
  readonly isFollowing?: boolean;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  readonly onOutput?: (stdout: string) => void;
}

export interface Scene<Alias extends string> extends AsyncDisposable {
  readonly inbox: RunningOrthanc;
  readonly destinations: Readonly<Record<Alias, RunningOrthanc>>;
  /** Between the forwarder and the inbox. */
  readonly proxy: FaultProxy;
  /** Of ledger, report and transfer log. */
  readonly folder: string;
  readonly files: readonly Uint8Array[];
  /** Orthanc identifiers of everything that was put into the inbox. */
  readonly sent: readonly string[];
  run(request?: RunRequest): Promise<FinishedRun>;
  held(orthanc: RunningOrthanc): Promise<string[]>;
  /** Writes a destinations file; gives the option that names it. */
  destinationsFile(content: object): Promise<string>;
}

const shape = { seriesPerStudy: 2, instancesPerSeries: 3, imageSize: 8, modalities: ['CT'] } as const;

/** An inbox that is stable after a second, and its destinations. */
export async function openServers<Alias extends string>({
  inbox = {},
  destinations,
}: ServersRequest<Alias>): Promise<LinkedOrthancs<Alias>> {
  const configuration = { StableAge: 1, ...inbox.configuration };
  return startLinked(await openForwardingTestbed(), { source: { ...inbox, configuration }, destinations });
}

/** Servers of its own, with studies in the inbox, and a fault proxy before it. */
export async function openScene<Alias extends string>({
  inbox,
  destinations,
  ...filling
}: SceneRequest<Alias>): Promise<Scene<Alias>> {
  await using opening = new AsyncDisposableStack();
  const servers = opening.use(await openServers({ ...(inbox && { inbox }), destinations }));
  const scene = opening.use(await fillScene(servers, filling));
  const stack = opening.move();
  return { ...scene, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Servers that go on when the scene is over, and an inbox that held nothing before. */
export async function fillScene<Alias extends string>(
  { source, destinations }: Pick<LinkedOrthancs<Alias>, 'source' | 'destinations'>,
  { seed, studies = 2, shape: wantedShape = {}, withheld = 0, credentials }: Filling,
): Promise<Scene<Alias>> {
  await using opening = new AsyncDisposableStack();
  const inbox = { ...source, ...credentials };
  const proxy = opening.use(await startFaultProxy(inbox.url, { seed }));
  const folder = await mkdtemp(join(tmpdir(), 'forwarder-'));
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  const archive = { seed: String(seed), studies, ...shape, ...wantedShape };
  const files = [...synthesizeArchive(archive)].flatMap((study) =>
    [...study.instances()].map(({ bytes }) => bytes),
  );
  await seedOrthanc(inbox, files.slice(0, files.length - withheld));
  const held = async (orthanc: RunningOrthanc) =>
    [...(await snapshotOrthanc(orthanc, { read: 'index' })).keys()].toSorted();
  const sent = await held(inbox);
  const stack = opening.move();
  return {
    inbox,
    destinations,
    proxy,
    folder,
    files,
    sent,
    held,
    destinationsFile: async (content) => {
      const path = join(folder, 'destinations.json');
      await writeFile(path, JSON.stringify(content));
      return `--destinations-file=${path}`;
    },
    run: async (request = {}) => {
      const run = await runOnce({ folder, proxy }, request);
      for (const name of syntheticPatientNames(archive))
        if ((run.stdout + run.stderr).includes(name))
          throw new Error('The output holds the name of a patient.');
      return run;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function runOnce(
  { folder, proxy }: { readonly folder: string; readonly proxy: FaultProxy },
  {
    argv,
    env = {},
    command = [],
    more = [],
    quietTime = '1s',
    isFollowing = false,
    clock,
    signal,
    onOutput,
  }: RunRequest,
): Promise<FinishedRun> {
  const [report, transferLog] = [join(folder, 'report.json'), join(folder, 'transfers.jsonl')];
  let [stdout, stderr] = ['', ''];
  const given = new Set(more.map((argument) => argument.split('=')[0]));
  const usual = [
    `--source-url=${proxy.url}`,
    `--ledger-path=${join(folder, 'forwarder.ledger.sqlite')}`,
    `--report=${report}`,
    `--transfer-log=${transferLog}`,
    `--quiet-time=${quietTime}`,
    `--existing-changes-only=${String(!isFollowing)}`,
  ];
  const exitCode = await runTool(forwarderTool, {
    argv: argv ?? [...command, ...usual.filter((argument) => !given.has(argument.split('=')[0])), ...more],
    env: { HOME: folder, ...env },
    ...(signal !== undefined && { signal }),
    ...(clock !== undefined && { clock }),
    stdout: {
      write: (text: string) => {
        stdout += text;
        onOutput?.(stdout);
        return true;
      },
    },
    stderr: { write: (text: string) => ((stderr += text), true) },
  });
  const told = JSON.parse(await readFile(report, 'utf8').catch(() => '{}')) as {
    summary?: Record<string, number>;
    destinations?: { setAside: FinishedRun['setAside'] }[];
    inbox?: { setAsideRows: FinishedRun['setAside'] };
    deletion?: { setAsideRows: FinishedRun['setAside'] };
  };
  const { inbox, deletion, destinations = [] } = told;
  const lines = (await readFile(transferLog, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  return {
    exitCode,
    stdout,
    stderr,
    summary: told.summary ?? {},
    setAside: destinations.flatMap(({ setAside }) => setAside),
    setAsideHere: [...(inbox?.setAsideRows ?? []), ...(deletion?.setAsideRows ?? [])],
    transfers: lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

/** The same identifiers with another pixel at the end. */
export function altered(bytes: Uint8Array | undefined): Uint8Array {
  const copy = Uint8Array.from(bytes ?? []);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
}

/** Holds the first request that matches; `isHeld` resolves when it has come, `letGo` lets it pass. */
export function holdFirst(proxy: FaultProxy, matching: (request: SeenRequest) => boolean) {
  const { promise: until, resolve: letGo } = Promise.withResolvers<undefined>();
  const { promise: isHeld, resolve: noteHeld } = Promise.withResolvers<undefined>();
  proxy.addFault({
    effect: 'hold',
    until,
    times: 1,
    matching(request) {
      if (!matching(request)) return false;
      noteHeld(undefined);
      return true;
    },
  });
  return {
    isHeld,
    letGo: () => {
      letGo(undefined);
    },
  };
}

type SeenRequest = Parameters<NonNullable<RequestFault['matching']>>[0];
