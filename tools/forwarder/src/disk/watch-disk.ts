import { asFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import type { Hastening } from '../hastening.ts';
import type { OpenDestination } from '../open-destination.ts';
import type { DiskLimit } from './disk-limit.ts';
import { hastenLastSteps, releaseKept } from './relieve-disk.ts';

export interface DiskRequest extends Pick<RunContext, 'clock' | 'log'> {
  readonly inbox: Orthanc;
  /** Undefined: the disk is not looked at. */
  readonly limit: DiskLimit | undefined;
  /** How long what was proved is kept. */
  readonly keepMs: number;
  /** The same while the disk is nearly full; undefined: as ever. */
  readonly keepWhenFullMs: number | undefined;
  readonly destinations: readonly OpenDestination[];
  readonly deletionLedger: WorkLedger;
  readonly hastening: Hastening;
}

export interface DiskWatch extends Disposable {
  /** How long what is proved now is to be kept. */
  keepMs(): number;
  /** What a person should know at present; empty when there is room. */
  note(): string;
}

const lookEveryMs = 10_000;
const releasedAtOnce = 100;
/** It takes a third of a second for 20,000 studies that wait for three destinations. */
const hastenEveryMs = 60_000;
/** Below this share of the threshold there is room again: it is not said at every instance that comes and goes. */
const roomAgain = 0.95;

/**
 * Looks every ten seconds at how much the inbox holds, from now until it is disposed of. Above the threshold the operator
 * is told, once, and what can be deleted soonest goes first. Nothing is deleted here: that still asks every destination.
 */
export async function watchDisk(request: DiskRequest): Promise<DiskWatch> {
  const { clock, log, keepMs, keepWhenFullMs = keepMs, limit } = request;
  const ending = new AbortController();
  const state: DiskState = { isFull: false, hastenedAt: 0, waiting: new Map(), releasedTo: undefined };
  const look = async () => {
    if (limit === undefined) return;
    try {
      const { diskSize } = await request.inbox.statistics(ending.signal);
      weigh(diskSize, { ...request, limit, state });
    } catch (error) {
      // Whoever cannot be asked now is asked again soon; the rest of the run hears of it by itself.
      if (asFailure(error) === undefined && !ending.signal.aborted) throw error;
    }
  };
  const run = async () => {
    while (!ending.signal.aborted) {
      await clock.sleep(lookEveryMs, ending.signal);
      if (!ending.signal.aborted) await look();
    }
  };
  await look();
  if (limit !== undefined)
    run().catch((error: unknown) => {
      log.error('disk.not_watched', { reason: error instanceof Error ? error.name : 'unknown' });
    });
  return {
    keepMs: () => (state.isFull ? Math.min(keepMs, keepWhenFullMs) : keepMs),
    note: () => (state.isFull ? 'the disk is nearly full' : ''),
    [Symbol.dispose]() {
      ending.abort();
    },
  };
}

interface DiskState {
  isFull: boolean;
  hastenedAt: number;
  /** How many units waited then, by destination. */
  waiting: ReadonlyMap<string, number>;
  /** Where the last release of what is kept stopped. */
  releasedTo: string | undefined;
}

type Weighing = DiskRequest & { readonly limit: DiskLimit; readonly state: DiskState };

function weigh(bytes: number, { limit, state, ...request }: Weighing): void {
  const { log, clock } = request;
  const facts = { ...megabytes({ held: bytes, threshold: limit.threshold, capacity: limit.capacity }) };
  if (state.isFull && bytes < limit.threshold * roomAgain) {
    state.isFull = false;
    log.info('disk.has_room', facts);
  }
  if (bytes < limit.threshold && !state.isFull) return;
  const now = clock.now().getTime();
  if (!state.isFull || now - state.hastenedAt >= hastenEveryMs) {
    state.waiting = hastenLastSteps(request.destinations);
    state.hastenedAt = now;
  }
  if (!state.isFull) {
    const waiting = Object.fromEntries(state.waiting);
    log.warn('disk.nearly_full', { ...facts, waiting, consequence: consequenceOf(request) });
    state.isFull = true;
  }
  if (isShortened(request)) letGo(state, request);
}

type Watching = Omit<Weighing, 'limit' | 'state'>;

const isShortened = ({ keepMs, keepWhenFullMs = keepMs }: Watching): boolean => keepWhenFullMs < keepMs;

const consequenceOf = (request: Watching): string =>
  isShortened(request)
    ? 'what can be deleted soonest goes first, and what was proved is kept for a shorter time'
    : 'what can be deleted soonest goes first; nothing is deleted that is not proved';

/** The oldest of what was proved long enough ago for the shorter time. */
function letGo(state: DiskState, request: Watching): void {
  const { keepMs, keepWhenFullMs = keepMs, deletionLedger: ledger, clock } = request;
  state.releasedTo = releaseKept({
    ledger,
    now: clock.now().getTime(),
    keepMs: keepWhenFullMs,
    atOnce: releasedAtOnce,
    after: state.releasedTo,
  });
  request.hastening.told();
}

const megabytes = (sizes: Readonly<Record<string, number | undefined>>) =>
  Object.fromEntries(
    Object.entries(sizes).flatMap(([name, bytes]) =>
      bytes === undefined ? [] : [[`${name}Mb`, Math.round((bytes / 1024 ** 2) * 10) / 10]],
    ),
  );
