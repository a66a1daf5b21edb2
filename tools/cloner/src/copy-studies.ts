import { type Failure, asFailure } from '@orthanc-tools/failures';
import { whoseFault } from '@orthanc-tools/orthanc-client';
import type { Clock } from '@orthanc-tools/scheduling';
import type { Logger, Metrics } from '@orthanc-tools/telemetry';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { answer } from './answer.ts';
import { type BroughtStudy, bringStudies } from './bring-studies.ts';
import { concludeStudy } from './conclude-study.ts';
import type { Lanes } from './lanes.ts';
import { type RunTotals, addVisit } from './run-totals.ts';
import { type StudyOutcome, notVisited } from './study-outcome.ts';
import { tellOf } from './tell-of.ts';

export interface CopyContext {
  readonly lanes: Lanes;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly totals: RunTotals;
}

/**
 * Visits the studies that were claimed, and answers for each. New ones are visited together; one that failed before is
 * visited alone, so that it costs no other one an attempt.
 */
export async function copyStudies(claims: readonly Claim[], hand: Hand, context: CopyContext): Promise<void> {
  const started = context.clock.now().getTime();
  try {
    await visitAll(claims, hand, context);
  } finally {
    context.totals.handMs += context.clock.now().getTime() - started;
  }
}

async function visitAll(claims: readonly Claim[], hand: Hand, context: CopyContext): Promise<void> {
  const conclude = openConclusions(hand, context);
  const fresh = claims.filter(({ attempt }) => attempt === 1);
  // What fails together is visited alone: then it shows whose fault it is.
  const isDone = fresh.length > 1 && (await visit(fresh, hand, context, conclude)) === undefined;
  for (const claim of isDone ? claims.filter(({ attempt }) => attempt > 1) : claims) {
    const failure = await visit([claim], hand, context, conclude);
    if (failure !== undefined) conclude(claim, notVisited(failure));
  }
}

type Conclude = (claim: Claim, outcome: StudyOutcome) => void;

/** Records what became of a study: in the totals, in the ledger, in the log. */
function openConclusions(hand: Hand, context: CopyContext): Conclude {
  const started = context.clock.now().getTime();
  return (claim, outcome) => {
    const rescheduled = answer(claim, outcome, hand);
    addVisit(context.totals, claim.key, outcome, rescheduled === undefined || rescheduled === 'set aside');
    const durationMs = context.clock.now().getTime() - started;
    tellOf(claim, outcome, { ...context, durationMs, rescheduled });
  };
}

/**
 * Visits the studies and concludes each, unless they cannot even be looked at: then gives back why, and nothing is
 * answered. A failure of scope `run` is thrown.
 */
async function visit(
  claims: readonly Claim[],
  hand: Hand,
  { lanes }: CopyContext,
  conclude: Conclude,
): Promise<Failure | undefined> {
  const since = performance.now();
  let brought: readonly BroughtStudy[];
  try {
    brought = await bringStudies(claims, hand, lanes);
  } catch (error) {
    return blame(error, lanes, since);
  }
  for (const study of brought) conclude(study.claim, await judge(study, since));
  return undefined;
}

async function judge(study: BroughtStudy, since: number): Promise<StudyOutcome> {
  const { lanes } = study.crossing;
  try {
    const outcome = await concludeStudy(study.view, study, study.crossing);
    if (outcome.unfinished === undefined) return outcome;
    return { ...outcome, unfinished: await whoseFault(outcome.unfinished, suspectsIn(lanes), since) };
  } catch (error) {
    return notVisited(await blame(error, lanes, since));
  }
}

/** What is thrown is blamed on the studies only when both servers answer otherwise. @throws what is of scope `run` */
async function blame(error: unknown, lanes: Lanes, since: number): Promise<Failure> {
  const failure = asFailure(error);
  if (failure === undefined) throw error;
  const judged = await whoseFault(failure, suspectsIn(lanes), since);
  if (judged.scope === 'run') throw judged;
  return judged;
}

const suspectsIn = ({ source, destination, outages }: Lanes) => ({ servers: [source, destination], outages });
