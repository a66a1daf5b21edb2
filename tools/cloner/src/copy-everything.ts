import { type Orthanc, isAccessRefused } from '@orthanc-tools/orthanc-client';
import type { WeeklySchedule } from '@orthanc-tools/scheduling';
import { type RunContext, patiently } from '@orthanc-tools/tool-runtime';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import { runWorkLoop } from '@orthanc-tools/work-loop';
import type { Bringing } from './bringing.ts';
import { copyStudies } from './copy-studies.ts';
import { feedChanges, feedExisting, follow, type FeedContext } from './feed-studies.ts';
import { type RunTotals, noTotals } from './run-totals.ts';
import type { SourceLabels } from './source-labels.ts';
import { showProgress } from './show-progress.ts';
import { studiesInHand } from './size-hand.ts';

/** Over a long way, few hands would leave the link idle until it has shown that more pay. */
const handsAtStart = 8;

export interface CopyRequest extends RunContext {
  readonly source: Orthanc;
  readonly bringing: Bringing;
  readonly labels: SourceLabels;
  readonly waitsForStable: boolean;
  readonly ledger: WorkLedger;
  readonly schedule: WeeklySchedule;
  readonly ceiling: number;
  readonly maxAttempts: number;
  readonly isFollowing: boolean;
}

/** Runs the feeder and the loop side by side, until all is done or the signal comes. */
export async function copyEverything(request: CopyRequest): Promise<RunTotals> {
  const { source, ledger, clock, log, health } = request;
  const totals = noTotals();
  // A failing feeder must end the loop, and a failing loop the feeder.
  const ending = new AbortController();
  const signal = AbortSignal.any([request.signal, ending.signal]);
  let isFed = false;
  const loop = runWorkLoop({
    ledger,
    clock,
    signal,
    schedule: request.schedule,
    concurrency: { ceiling: request.ceiling, start: handsAtStart },
    batchSize: () => studiesInHand(totals),
    maxAttempts: request.maxAttempts,
    perform: (claims, hand) => copyStudies(claims, hand, { ...request, totals }),
    ...health.listeners,
    untilDone: () => isFed,
  });
  const wake = () => loop.wake();
  const feed: FeedContext = { source, ledger, clock, log, signal, wake, health };
  const feeding = (async () => {
    await request.schedule.untilOpen(clock, signal);
    await patiently(() => feedExisting(feed), { ...feed, bears: isAccessRefused });
    await patiently(() => feedChanges(feed), { ...feed, bears: isAccessRefused });
    if (request.isFollowing) await follow(feed);
    isFed = true;
    loop.wake();
  })();
  const progress = showProgress(request);
  const stop = (error: unknown) => {
    ending.abort();
    throw error;
  };
  const work = Promise.all([loop.finished.catch(stop), feeding.catch(stop)]).finally(() => progress.stop());
  try {
    // Progress reads the ledger too, and may be the first to learn that the disk is full.
    await Promise.all([work, progress.finished.catch(stop)]);
  } finally {
    ending.abort();
    await Promise.allSettled([work, loop.finished, feeding, progress.finished]);
  }
  return totals;
}
