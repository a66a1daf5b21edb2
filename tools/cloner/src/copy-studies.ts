import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { Clock } from '@orthanc-tools/scheduling';
import type { Logger, Metrics } from '@orthanc-tools/telemetry';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { type BroughtStudy, bringStudies } from './bring-studies.ts';
import { type StudyOutcome, concludeStudy, nothingProved } from './copy-study.ts';
import type { Lanes } from './lanes.ts';
import { type RunTotals, addVisit, provedIn } from './run-totals.ts';
import { whoseFault } from './whose-fault.ts';

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
  const fresh = claims.filter(({ attempt }) => attempt === 1);
  const alone = claims.filter(({ attempt }) => attempt > 1);
  if (fresh.length > 1) {
    const failure = await visit(fresh, hand, context);
    // Whose fault it is shows when each is visited alone.
    if (failure !== undefined) alone.push(...fresh);
  } else alone.push(...fresh);
  for (const claim of alone) {
    const failure = await visit([claim], hand, context);
    if (failure !== undefined) hand.reschedule(claim, failure);
  }
}

/**
 * Answers for each of the studies, unless they cannot even be looked at: then gives back why, and nothing is answered.
 * A failure of scope `run` is thrown.
 */
async function visit(
  claims: readonly Claim[],
  hand: Hand,
  context: CopyContext,
): Promise<Failure | undefined> {
  const { lanes, clock } = context;
  const started = clock.now().getTime();
  let brought: readonly BroughtStudy[];
  try {
    brought = await bringStudies(claims, hand, lanes);
  } catch (error) {
    return blame(error, lanes);
  }
  for (const study of brought) {
    const { claim } = study;
    const outcome = await conclude(study, lanes);
    addVisit(context.totals, claim.key, outcome);
    answer(claim, outcome, hand);
    tell(claim, outcome, { ...context, durationMs: clock.now().getTime() - started });
  }
  return undefined;
}

async function conclude(study: BroughtStudy, lanes: Lanes): Promise<StudyOutcome> {
  try {
    const outcome = await concludeStudy(study.view, study, { lanes, tell: study.tell });
    if (outcome.unfinished === undefined) return outcome;
    return { ...outcome, unfinished: await whoseFault(outcome.unfinished, lanes) };
  } catch (error) {
    return { ...nothingProved, unfinished: await blame(error, lanes) };
  }
}

/** What is thrown is blamed on the studies only when both servers answer otherwise. @throws what is of scope `run` */
async function blame(error: unknown, lanes: Lanes): Promise<Failure> {
  const failure = asFailure(error);
  if (failure === undefined) throw error;
  const judged = await whoseFault(failure, lanes);
  if (judged.scope === 'run') throw judged;
  return judged;
}

function answer(claim: Claim, outcome: StudyOutcome, hand: Hand): void {
  // What was sent is known to the loop already; what had only to be proved is not.
  const onlyProved = provedIn(outcome) - outcome.copied;
  if (onlyProved > 0) hand.observe({ parts: onlyProved, bytes: 0, claim });
  if (outcome.unfinished !== undefined) {
    hand.reschedule(claim, outcome.unfinished, { hasProgressed: outcome.copied > 0 });
    return;
  }
  hand.settle(claim, {
    outcome: outcome.isVanished ? 'vanished' : outcome.copied > 0 ? 'copied' : 'already-there',
    proof: proofOf(outcome),
    parts: provedIn(outcome),
    bytes: outcome.provedBytes,
    exceptions: outcome.exceptions,
  });
}

/** The weakest proof that any instance of the study has: what may be said of the study as a whole. */
function proofOf({ proved }: StudyOutcome): string {
  return ['id', 'id+content', 'id+md5'].find((proof) => (proved[proof] ?? 0) > 0) ?? 'none';
}

function tell(
  { key, attempt }: Claim,
  outcome: StudyOutcome,
  { log, metrics, durationMs }: CopyContext & { readonly durationMs: number },
): void {
  metrics.addBytes(outcome.copiedBytes);
  metrics.observeItemSeconds(durationMs / 1000);
  const facts = { study: key, attempt, durationMs, copied: outcome.copied, proved: provedIn(outcome) };
  if (outcome.unfinished !== undefined) {
    metrics.countItem('rescheduled');
    log.warn('study.rescheduled', { ...facts, code: outcome.unfinished.code });
  } else if (outcome.exceptions.length > 0) {
    metrics.countItem('set_aside');
    log.warn('study.set_aside', {
      ...facts,
      setAside: outcome.exceptions.length,
      code: outcome.exceptions[0]?.code,
    });
  } else {
    metrics.countItem(outcome.isVanished ? 'vanished' : 'verified');
    log.info(outcome.isVanished ? 'study.vanished' : 'study.verified', { ...facts, proof: proofOf(outcome) });
  }
}
