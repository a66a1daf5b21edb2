import { suspecting } from '@orthanc-tools/orthanc-client';
import type { WeeklySchedule } from '@orthanc-tools/scheduling';
import { type RunContext, showStanding } from '@orthanc-tools/tool-runtime';
import type { Claim } from '@orthanc-tools/work-ledger';
import { type Hand, type WorkLoop, runWorkLoop } from '@orthanc-tools/work-loop';
import { answersAgain } from './fault-of-modality.ts';
import { migrateStudy } from './migrate-study.ts';
import { type SearchContext, searchAccession, searchWork } from './search-work.ts';
import type { StudyContext } from './study-context.ts';
import { tellingSearch } from './tell-search.ts';
import { workOf } from './work-keys.ts';

export interface MigrationRequest {
  readonly run: RunContext;
  readonly studies: StudyContext;
  readonly searches: Omit<SearchContext, 'wake'>;
  readonly schedule: WeeklySchedule;
  /** Studies at the same time. */
  readonly ceiling: number;
  readonly maxAttempts: number;
  readonly constantRetryDelays: boolean;
  readonly exitOnError: boolean;
}

const [firstRetryMs, longestRetryMs, constantRetryMs] = [5000, 3_600_000, 60_000];
/** A source that refuses associations is asked again at least so often. */
const longestPauseMs = 60_000;

/** Works through searches and studies until nothing is left that can be done, or until the signal comes. */
export async function migrateEverything(request: MigrationRequest): Promise<void> {
  const { run, studies } = request;
  const loop = startLoop(request);
  using listening = run.pausing.onChange(() => loop.wake());
  const progress = showStanding(run, () => standingOf(studies.ledger));
  const work = loop.finished.finally(() => progress.stop());
  await Promise.all([work, progress.finished]);
  void listening;
}

function startLoop(request: MigrationRequest): WorkLoop {
  const { run, studies, schedule, ceiling, maxAttempts, constantRetryDelays, exitOnError } = request;
  const { ledger } = studies;
  const ending = new AbortController();
  const setAsideBefore = ledger.tally().setAside;
  const context = { ...request.searches, wake: () => loop.wake() };
  const { onEvent, onTurn } = run.health.listeners;
  const loop: WorkLoop = runWorkLoop({
    ...{ ledger, schedule, longestPauseMs, maxAttempts, onTurn },
    clock: run.clock,
    signal: AbortSignal.any([run.signal, ending.signal]),
    concurrency: { ceiling, start: ceiling },
    batchSize: 1,
    ...retrying(constantRetryDelays),
    untilDone: true,
    // Items that are set aside are told with what they stand for.
    onEvent: (event, facts) => event !== 'item.set_aside' && onEvent(event, facts),
    perform: async ([claim], hand) => {
      if (claim === undefined) return;
      const work = (by: Hand) => suspecting(studies.suspects, () => perform(claim, by, { studies, context }));
      if (workOf(claim.key).is === 'study') await work(hand);
      else await tellingSearch(claim, hand, { log: run.log, search: work });
      if (exitOnError && ledger.tally().setAside > setAsideBefore) ending.abort();
    },
  });
  return loop;
}

const retrying = (isConstant: boolean) =>
  isConstant
    ? { backOff: { firstMs: constantRetryMs, longestMs: constantRetryMs }, random: () => 1 }
    : { backOff: { firstMs: firstRetryMs, longestMs: longestRetryMs } };

async function perform(
  claim: Claim,
  hand: Hand,
  { studies, context }: { readonly studies: StudyContext; readonly context: SearchContext },
): Promise<void> {
  await answersAgain(claim.key, hand.signal, studies);
  const work = workOf(claim.key);
  if (work.is === 'span') await searchWork(claim, work.span, hand, context);
  else if (work.is === 'accession') await searchAccession(claim, hand, context);
  else await migrateStudy(claim, hand, studies);
}

function standingOf(ledger: StudyContext['ledger']) {
  const tally = ledger.tally();
  return {
    doneItems: tally.done + tally.setAside,
    totalItems: tally.done + tally.setAside + tally.waiting + tally.inHand,
    doneParts: tally.parts,
    doneBytes: tally.bytes,
    setAside: tally.exceptionParts,
    backlog: { items: tally.waiting + tally.inHand, oldestAt: tally.oldestWaitingAt },
  };
}
