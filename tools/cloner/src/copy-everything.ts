import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { WeeklySchedule } from '@orthanc-tools/scheduling';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import { runWorkLoop } from '@orthanc-tools/work-loop';
import type { Bringing } from './bringing.ts';
import { copyStudies } from './copy-studies.ts';
import { type Feeder, feedChanges, feedExisting, follow, persist } from './feed-changes.ts';
import { type FeedContext, feedLabelled } from './feed-studies.ts';
import { sweepBelongings } from './belongings/sweep-belongings.ts';
import type { StudyFilter } from './filters/study-filter.ts';
import type { RunTotals } from './run-totals.ts';
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
  /** Counted up while it runs, so that whoever asked knows what was done also where it ends before its time. */
  readonly totals: RunTotals;
  readonly schedule: WeeklySchedule;
  readonly ceiling: number;
  readonly maxAttempts: number;
  readonly isFollowing: boolean;
  /** Where the change log of the source ended before its list is read, where that is found already. */
  readonly logEnd: number | undefined;
  /** Undefined where all studies are wanted. */
  readonly filter: StudyFilter | undefined;
  /** How often what no change tells of is compared while following, in ms; 0 for never, not at the end of a run either. */
  readonly sweepMs: number;
}

/** Runs the feeder and the loop side by side, until all is done or the signal comes. */
export async function copyEverything(request: CopyRequest): Promise<void> {
  const { source, ledger, totals, clock, log, health } = request;
  // A failing feeder must end the loop, and a failing loop the feeder.
  const ending = new AbortController();
  const signal = AbortSignal.any([request.signal, ending.signal]);
  const feeding = feedingState();
  const loop = runWorkLoop({
    ledger,
    clock,
    signal,
    schedule: request.schedule,
    concurrency: { ceiling: request.ceiling, start: handsAtStart },
    batchSize: () => studiesInHand(totals),
    maxAttempts: request.maxAttempts,
    perform: (claims, hand) => copyStudies(claims, hand, request),
    ...health.listeners,
    untilDone: () => feeding.isOver(ledger),
  });
  const wake = () => loop.wake();
  const { belongings } = request.bringing;
  const feed: FeedContext = {
    ...{
      source,
      ledger,
      clock,
      log,
      signal,
      wake,
      health,
      belongings: belongings?.work,
      filter: request.filter,
      schedule: request.schedule,
    },
    noteGap: (gap) => void totals.gaps.push(gap),
  };
  const fed = (async () => {
    await feedAll(feed, { request, feeding });
    feeding.end();
    loop.wake();
  })();
  const progress = showProgress(request);
  const stop = (error: unknown) => {
    ending.abort();
    throw error;
  };
  const work = Promise.all([loop.finished.catch(stop), fed.catch(stop)]).finally(() => progress.stop());
  try {
    // Progress reads the ledger too, and may be the first to learn that the disk is full.
    await Promise.all([work, progress.finished.catch(stop)]);
  } finally {
    ending.abort();
    await Promise.allSettled([work, loop.finished, fed, progress.finished]);
  }
}

/** What the loop must know of the feeder: whether more is to come, and, the other way, when nothing waits. */
interface FeedingState {
  isOver(ledger: WorkLedger): boolean;
  end(): void;
  /** Kept when all that was fed has been worked through. */
  idle(): Promise<undefined>;
}

function feedingState(): FeedingState {
  let isOver = false;
  let waiting: PromiseWithResolvers<undefined> | undefined;
  return {
    isOver(ledger) {
      if (waiting !== undefined && ledger.nextReadyAt() === undefined && ledger.tally().inHand === 0)
        waiting.resolve(undefined);
      return isOver;
    },
    end() {
      isOver = true;
    },
    idle: () => (waiting ??= Promise.withResolvers<undefined>()).promise,
  };
}

interface Feeding {
  readonly request: CopyRequest;
  readonly feeding: FeedingState;
}

async function feedAll(feed: FeedContext, { request, feeding }: Feeding): Promise<void> {
  const { belongings } = request.bringing;
  const sweep = async (own: FeedContext) => {
    await feedLabelled(own);
    if (belongings !== undefined) await sweepBelongings({ ...own, ...belongings.lanes });
  };
  await persist(feed, (own) => feedExisting(own, request.logEnd));
  await persist(feed, feedLabelled);
  await persist(feed, feedChanges);
  if (request.isFollowing) return follow(feed, { sweepMs: request.sweepMs, sweep });
  if (feed.belongings === undefined) return;
  // What was added while the images travelled: entries tell of some of it, nothing of the rest.
  feed.wake();
  await Promise.race([feeding.idle(), untilAborted(feed.signal)]);
  await untilOneFails(feed, request.sweepMs > 0 ? [feedChanges, sweep] : [feedChanges]);
}

/** Side by side, as from afar each question costs a round trip. What fails ends the others, which may wait for a server. */
async function untilOneFails(feed: FeedContext, asks: readonly Feeder[]): Promise<void> {
  const ending = new AbortController();
  const signal = AbortSignal.any([feed.signal, ending.signal]);
  const works = asks.map((ask) => persist({ ...feed, signal }, ask));
  try {
    await Promise.all(works);
  } catch (error) {
    ending.abort();
    await Promise.allSettled(works);
    throw error;
  }
}

const untilAborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', resolve, { once: true });
  });
