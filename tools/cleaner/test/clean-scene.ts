import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FaultProxy,
  type OrthancRequest,
  type RequestFault,
  type RunningOrthanc,
  openTestbed,
  startFaultProxy,
} from '@orthanc-tools/orthanc-testbed';
import { type Clock, systemClock } from '@orthanc-tools/scheduling';
import { runTool } from '@orthanc-tools/tool-runtime';
import { cleanerTool } from '../src/cleaner.ts';

/** A study as a test wants it; what is left out is usual. */
export interface WantedStudy {
  /** Names it; part of its UIDs. */
  readonly name: string;
  readonly studyDate?: string;
  readonly studyTime?: string;
  readonly labels?: readonly string[];
  /** Of its series, each of one instance, unless told otherwise. */
  readonly modalities?: readonly string[];
  readonly accession?: string;
  readonly description?: string;
  readonly institution?: string;
  /** Patient ID; one of its own without it. */
  readonly patient?: string;
  readonly instances?: number;
}

export interface FinishedRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly report: Readonly<Record<string, unknown>>;
  /** Of the log, by their event. */
  events(event: string): readonly Readonly<Record<string, unknown>>[];
}

export interface RunRequest {
  /** Text of the rules file, or what is to be written as JSON. */
  readonly rules?: string | object;
  readonly command?: readonly string[];
  readonly more?: readonly string[];
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  readonly onOutput?: (stdout: string) => void;
  /** Instead of the fault proxy. */
  readonly url?: string;
}

export interface Scene extends AsyncDisposable {
  readonly orthanc: RunningOrthanc;
  readonly proxy: FaultProxy;
  readonly folder: string;
  /** Stores it; gives Orthanc's identifier. */
  make(study: WantedStudy): Promise<string>;
  /** By name, of all that were made. */
  readonly ids: ReadonlyMap<string, string>;
  /** Names of those that Orthanc still holds, sorted. */
  held(): Promise<string[]>;
  ask(path: string): Promise<unknown>;
  send(method: 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
  /**
   * Moves the runs that follow to another time (`YYYY-MM-DD hh:mm:ss`, UTC); and with them Orthanc, where it was started
   * with a clock. Otherwise it only tells that time when asked for it, through the proxy.
   */
  moveTo(time: string): Promise<void>;
  run(request?: RunRequest): Promise<FinishedRun>;
  /** Lines of the audit trail. */
  trail(): Promise<Readonly<Record<string, unknown>>[]>;
  /** The trail says so: what is asked from then on is asked right before a deletion. */
  isPlanMade(): boolean;
}

/** Belongs to no patient; that no log shows it is looked at after each run. */
const patientName = 'Zyxwvut^Quentin';

/** An Orthanc, native so that it can be moved in time, and a fault proxy before it. */
export async function openScene(request: OrthancRequest = {}): Promise<Scene> {
  await using opening = new AsyncDisposableStack();
  const testbed = await openTestbed({ provider: 'native' });
  const orthanc = opening.use(await testbed.startOrthanc({ name: 'archive', ...request }));
  const proxy = opening.use(await startFaultProxy(orthanc.url, { seed: 1 }));
  const folder = await mkdtemp(join(tmpdir(), 'cleaner-'));
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  const ids = new Map<string, string>();
  const isMoved = request.clock !== undefined;
  let clock: Clock = request.clock === undefined ? systemClock : movedClock(request.clock);
  let stopPretending = () => {};
  const send: Scene['send'] = async (method, path, body) => {
    const content = typeof body === 'string' ? body : JSON.stringify(body ?? {});
    const answer = await fetch(orthanc.url + path, { method, body: content });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${String(answer.status)} ${text}`);
    return text.startsWith('{') || text.startsWith('[') ? (JSON.parse(text) as unknown) : text;
  };
  const ask = async (path: string) => (await fetch(orthanc.url + path)).json() as Promise<unknown>;
  let madeAt = '';
  const now = async () => (await fetch(`${orthanc.url}/tools/now`)).text();
  /** What was changed within the second of the plan is left alone. */
  const secondOver = async () => {
    while (madeAt !== '' && (await now()) === madeAt) await systemClock.sleep(50);
  };
  const stack = opening.move();
  return {
    orthanc,
    proxy,
    folder,
    ids,
    ask,
    send,
    async make(study) {
      const id = await storeStudy(study, send);
      for (const label of study.labels ?? []) await send('PUT', `/studies/${id}/labels/${label}`, '');
      ids.set(study.name, id);
      madeAt = await now();
      return id;
    },
    async held() {
      const there = new Set((await ask('/studies')) as string[]);
      return [...ids].flatMap(([name, id]) => (there.has(id) ? [name] : [])).sort();
    },
    async moveTo(time) {
      stopPretending();
      if (isMoved) await orthanc.restartAt(time);
      else stopPretending = pretendTime(proxy, time);
      clock = movedClock(time);
    },
    run: async (wanted = {}) => {
      await secondOver();
      const run = await runOnce({ folder, url: proxy.url, clock }, wanted);
      if ((run.stdout + run.stderr).includes(patientName.split('^')[0] ?? ''))
        throw new Error('The output holds the name of a patient.');
      return run;
    },
    trail: () => linesOf(trailIn(folder)),
    isPlanMade: () =>
      existsSync(trailIn(folder)) && readFileSync(trailIn(folder), 'utf8').includes('"plan.made"'),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function pretendTime(proxy: FaultProxy, time: string): () => void {
  const body = time.replaceAll(/[-:]/g, '').replace(' ', 'T');
  const matching = ({ path }: SeenRequest) => path === '/tools/now';
  return proxy.addFault({ effect: 'answer', status: 200, body, matching });
}

/** Real time, from another moment on. */
export function movedClock(time: string): Clock {
  const ahead = Date.parse(`${time.replace(' ', 'T')}Z`) - Date.now();
  return { now: () => new Date(Date.now() + ahead), sleep: systemClock.sleep };
}

async function storeStudy(study: WantedStudy, send: Scene['send']): Promise<string> {
  const uid = uidOf(study.name);
  let id = '';
  for (const [index, modality] of (study.modalities ?? ['CT']).entries())
    for (let number = 1; number <= (study.instances ?? 1); number += 1) {
      const series = `${uid}.${String(index + 1)}`;
      const made = (await send('POST', '/tools/create-dicom', {
        Force: true,
        Tags: {
          PatientName: patientName,
          PatientID: study.patient ?? `P-${study.name}`,
          StudyInstanceUID: uid,
          SeriesInstanceUID: series,
          SOPInstanceUID: `${series}.${String(number)}`,
          SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
          Modality: modality,
          StudyDate: study.studyDate ?? '20200101',
          StudyTime: study.studyTime ?? '',
          AccessionNumber: study.accession ?? '',
          StudyDescription: study.description ?? '',
          InstitutionName: study.institution ?? '',
        },
      })) as { ParentStudy: string };
      id = made.ParentStudy;
    }
  return id;
}

/** Derived from the name alone. */
const uidOf = (name: string): string =>
  `2.25.${String(BigInt(`0x${Buffer.from(name).toString('hex')}`) % 10n ** 30n)}`;

const longAgo = new Date('2024-01-01T00:00:00Z');

async function runOnce(
  usual: { readonly folder: string; readonly url: string; readonly clock: Clock },
  { rules, command = [], more = [], argv, env = {}, clock = usual.clock, signal, onOutput, url }: RunRequest,
): Promise<FinishedRun> {
  const { folder } = usual;
  const isText = typeof rules === 'string';
  const rulesPath = join(folder, isText ? 'rules.csv' : 'rules.json');
  if (rules !== undefined) {
    await writeFile(rulesPath, isText ? rules : JSON.stringify(rules));
    // Written long ago: one that was only just written is waited for.
    await utimes(rulesPath, longAgo, longAgo);
  }
  const report = join(folder, 'report.json');
  await rm(report, { force: true });
  let [stdout, stderr] = ['', ''];
  const given = new Set(more.map((argument) => argument.split('=')[0]));
  const options = [
    `--url=${url ?? usual.url}`,
    `--labels-file-path=${rulesPath}`,
    `--ledger-path=${join(folder, 'cleaner.ledger.sqlite')}`,
    `--audit-trail=${trailIn(folder)}`,
    `--report=${report}`,
    '--timezone=UTC',
    '--max-percent=100',
    '--pace=100',
    '--once',
  ].filter((argument) => !given.has(argument.split('=')[0]));
  const exitCode = await runTool(cleanerTool, {
    argv: argv ?? [...command, ...options, ...more],
    env: { HOME: folder, ...env },
    clock,
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
  const told = JSON.parse(await readFile(report, 'utf8').catch(() => '{}')) as {
    summary?: Record<string, unknown>;
  };
  const lines = stdout
    .split('\n')
    .filter((line) => line.startsWith('{"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    exitCode,
    stdout,
    stderr,
    summary: told.summary ?? {},
    report: told,
    events: (event) => lines.filter((line) => line['event'] === event),
  };
}

async function linesOf(path: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

type SeenRequest = Parameters<NonNullable<RequestFault['matching']>>[0];

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

const trailIn = (folder: string): string => join(folder, 'trail.jsonl');
