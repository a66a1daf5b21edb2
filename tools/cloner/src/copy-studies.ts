import type { Failure } from '@orthanc-tools/failures';
import { type Orthanc, blame, suspecting, whoseFault } from '@orthanc-tools/orthanc-client';
import type { Clock } from '@orthanc-tools/scheduling';
import type { Logger, Metrics } from '@orthanc-tools/telemetry';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { answer } from './answer.ts';
import { type JudgedStudy, withBelongings } from './belongings/with-belongings.ts';
import type { Bringing, Brought } from './bringing.ts';
import { type RunTotals, addVisit, beginWork } from './run-totals.ts';
import { type SourceLabels, labelStudy } from './source-labels.ts';
import { type StudyOutcome, notVisited } from './study-outcome.ts';
import { tellOf } from './tell-of.ts';
import { stableAmong } from './wait-for-stable.ts';

export interface CopyContext {
  readonly source: Orthanc;
  readonly bringing: Bringing;
  readonly labels: SourceLabels;
  /** Studies are copied once nothing more arrives for them. */
  readonly waitsForStable: boolean;
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
  const endWork = beginWork(context.totals, () => context.clock.now().getTime());
  try {
    const ready = await readyAmong(claims, hand, context);
    await visitAll(ready, hand, context);
  } finally {
    endWork();
  }
}

/** @throws why it cannot be told, of scope `run` where the source is away */
async function readyAmong(
  claims: readonly Claim[],
  hand: Hand,
  { waitsForStable, source, bringing }: CopyContext,
): Promise<readonly Claim[]> {
  if (!waitsForStable) return claims;
  return suspecting(bringing.suspects, () => stableAmong(claims, source, hand));
}

async function visitAll(claims: readonly Claim[], hand: Hand, context: CopyContext): Promise<void> {
  const conclude = openConclusions(hand, context);
  const fresh = claims.filter(({ attempt }) => attempt === 1);
  // What fails together is visited alone: then it shows whose fault it is.
  const isDone = fresh.length > 1 && (await visit(fresh, hand, context, conclude)) === undefined;
  for (const claim of isDone ? claims.filter(({ attempt }) => attempt > 1) : claims) {
    const failure = await visit([claim], hand, context, conclude);
    if (failure !== undefined) await conclude(claim, notVisited(failure));
  }
}

type Conclude = (claim: Claim, outcome: StudyOutcome) => Promise<void>;

/** Records what became of a study: by a label at the source, in the totals, in the ledger, in the log. */
function openConclusions(hand: Hand, context: CopyContext): Conclude {
  const started = context.clock.now().getTime();
  return async (claim, found) => {
    const outcome = await labelStudy(claim.key, found, context);
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
  { bringing }: CopyContext,
  conclude: Conclude,
): Promise<Failure | undefined> {
  const since = performance.now();
  let brought: readonly Brought[];
  try {
    brought = await bringing.bring(claims, hand);
  } catch (error) {
    return blame(error, bringing.suspects, since);
  }
  const judged: JudgedStudy[] = [];
  for (const study of brought) judged.push({ study, outcome: await judge(study, bringing, since) });
  const told = {
    since,
    signal: hand.signal,
    blame: (error: unknown) => blame(error, bringing.suspects, since),
  };
  for (const { study, outcome } of await withBelongings(judged, bringing, told))
    await conclude(study.claim, outcome);
  return undefined;
}

async function judge(
  study: Brought,
  bringing: Pick<Bringing, 'suspects'>,
  since: number,
): Promise<StudyOutcome> {
  try {
    const outcome = await study.conclude();
    if (outcome.unfinished === undefined) return outcome;
    return { ...outcome, unfinished: await whoseFault(outcome.unfinished, bringing.suspects, since) };
  } catch (error) {
    return notVisited(await blame(error, bringing.suspects, since));
  }
}
