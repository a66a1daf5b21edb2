import { asFailure } from '@orthanc-tools/failures';
import type { Orthanc, Suspects } from '@orthanc-tools/orthanc-client';
import type { WeeklySchedule } from '@orthanc-tools/scheduling';
import { type RunContext, patiently } from '@orthanc-tools/tool-runtime';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import { condenseDaily, condenseRecords } from './condense-records.ts';
import { type FeedContext, feedChanges, feedHeld, isListed } from './feed-arrivals.ts';
import type { SeriesFilter } from './destination.ts';
import type { Hastening } from './hastening.ts';
import type { Hooks } from './hooks/use-hooks.ts';
import { keepLandmarks } from './keep-landmarks.ts';
import { knownPlace } from './known-place.ts';
import type { OpenDestination } from './open-destination.ts';
import { type Stages, startStages } from './start-stages.ts';
import type { TransferLog } from './transfer-log.ts';
import type { UnitLevel } from './unit.ts';
import type { Assurances } from './watch-assurances.ts';
import type { DestinationWatch } from './watch-destinations.ts';

export interface ForwardRequest extends RunContext {
  readonly inbox: Orthanc;
  /** The inbox: where it is away, no unit loses an attempt. */
  readonly suspects: Suspects;
  readonly level: UnitLevel;
  readonly ledgers: { readonly inbox: WorkLedger; readonly deletion: WorkLedger };
  readonly destinations: readonly OpenDestination[];
  readonly urgent: SeriesFilter | undefined;
  readonly retired: readonly string[];
  readonly watch: DestinationWatch;
  readonly assurances: Assurances;
  readonly hastening: Hastening;
  readonly transfers: TransferLog;
  readonly hooks: Hooks | undefined;
  readonly schedule: WeeklySchedule;
  readonly ceiling: number;
  readonly maxAttempts: number;
  readonly quietMs: number;
  readonly pollEveryMs: number;
  /** How long what is proved now is kept. */
  keepMs(): number;
  /** How long what has ended, and is gone, stays known. */
  readonly keepRecordsMs: number;
  readonly isFollowing: boolean;
}

/**
 * Runs the feed, the gate, one loop for each destination and the deletion side by side, until the signal, or until
 * nothing is left. Each has a ledger of its own: one that has to wait holds up no other.
 */
export async function forwardEverything(request: ForwardRequest): Promise<void> {
  const ending = new AbortController();
  const signal = AbortSignal.any([request.signal, ending.signal]);
  const stages = startStages({ ...request, signal });
  const feeding = feed({ ...request, signal }, stages);
  const stop = (error: unknown) => {
    ending.abort();
    throw error;
  };
  const all = [feeding, ...stages.all.map(({ finished }) => finished)].map((work) => work.catch(stop));
  const began = performance.now();
  try {
    await Promise.all(all);
    await keepAtTheEnd({ ...request, signal }, began);
    if (!request.isFollowing && !signal.aborted) await condenseRecords({ ...request, signal });
  } finally {
    ending.abort();
    await Promise.allSettled(all);
  }
}

/** Deletions go on after the last look at the log; an inbox that was away meanwhile may have another one. */
async function keepAtTheEnd(request: ForwardRequest, began: number): Promise<void> {
  const { inbox, ledgers, signal, suspects } = request;
  if (signal.aborted || suspects.outages.since(began)) return;
  try {
    await keepLandmarks({ inbox, ledger: ledgers.inbox, signal })();
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
  }
}

async function feed(request: ForwardRequest, { gate, endFeed }: Stages): Promise<void> {
  const { schedule, clock, signal, isFollowing, pollEveryMs } = request;
  const context: FeedContext = { ...request, ledger: request.ledgers.inbox, wake: () => gate.wake() };
  const place = knownPlace(() => clock.now().getTime());
  const keep = keepLandmarks(context);
  const feedOnce = async () => {
    const since = clock.now().getTime();
    try {
      if (!place.isKnown || !isListed(context.ledger)) await feedHeld(context);
      await feedChanges(context);
      await keep();
      place.noteRead();
    } catch (error) {
      place.noteFailed(error, since);
      throw error;
    }
  };
  const follow = async () => {
    while (!signal.aborted) {
      await clock.sleep(pollEveryMs, signal);
      await patiently(feedOnce, request);
    }
  };
  await schedule.untilOpen(clock, signal);
  await patiently(feedOnce, request);
  // Only once it is known what has come meanwhile.
  if (isFollowing) await Promise.all([follow(), condenseDaily(request)]);
  endFeed();
}
