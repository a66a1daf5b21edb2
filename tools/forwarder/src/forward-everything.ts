import type { Orthanc, Suspects } from '@orthanc-tools/orthanc-client';
import type { WeeklySchedule } from '@orthanc-tools/scheduling';
import { type RunContext, patiently } from '@orthanc-tools/tool-runtime';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import { type FeedContext, feedChanges, feedHeld } from './feed-arrivals.ts';
import type { SeriesFilter } from './destination.ts';
import type { Hooks } from './hooks/use-hooks.ts';
import type { OpenDestination } from './open-destination.ts';
import { type Stages, startStages } from './start-stages.ts';
import type { TransferLog } from './transfer-log.ts';
import type { UnitLevel } from './unit.ts';
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
  readonly transfers: TransferLog;
  readonly hooks: Hooks | undefined;
  readonly schedule: WeeklySchedule;
  readonly ceiling: number;
  readonly maxAttempts: number;
  readonly quietMs: number;
  readonly pollEveryMs: number;
  /** How long what is proved now is kept. */
  keepMs(): number;
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
  try {
    await Promise.all(all);
  } finally {
    ending.abort();
    await Promise.allSettled(all);
  }
}

async function feed(request: ForwardRequest, { gate, endFeed }: Stages): Promise<void> {
  const { schedule, clock, signal, isFollowing, pollEveryMs } = request;
  const context: FeedContext = { ...request, ledger: request.ledgers.inbox, wake: () => gate.wake() };
  let isPlaceKnown = false;
  const feedOnce = async () => {
    const knewPlace = isPlaceKnown;
    isPlaceKnown = false;
    if (!knewPlace) await feedHeld(context);
    await feedChanges(context);
    isPlaceKnown = true;
  };
  await schedule.untilOpen(clock, signal);
  await patiently(feedOnce, request);
  while (isFollowing && !signal.aborted) {
    await clock.sleep(pollEveryMs, signal);
    await patiently(feedOnce, request);
  }
  endFeed();
}
