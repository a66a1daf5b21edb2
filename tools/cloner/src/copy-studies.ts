import { asFailure } from '@orthanc-tools/failures';
import type { Logger, Metrics } from '@orthanc-tools/telemetry';
import type { Clock } from '@orthanc-tools/scheduling';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { type StudyOutcome, type Visit, copyStudy } from './copy-study.ts';
import { type RunTotals, addVisit, provedIn } from './run-totals.ts';
import type { Lanes } from './ship.ts';
import { whoseFault } from './whose-fault.ts';

export interface CopyContext {
  readonly lanes: Lanes;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly totals: RunTotals;
}

/** From this visit on, what would not travel together is tried one by one. */
const singlyFromAttempt = 3;

/** Visits the studies that were claimed, and answers for each. */
export async function copyStudies(claims: readonly Claim[], hand: Hand, context: CopyContext): Promise<void> {
  for (const claim of claims) {
    const started = context.clock.now().getTime();
    const isSingly = claim.attempt >= singlyFromAttempt;
    const outcome = await visit({ studyId: claim.key, isSingly }, context.lanes);
    addVisit(context.totals, claim.key, outcome);
    answer(claim, outcome, hand);
    tell(claim, outcome, { ...context, durationMs: context.clock.now().getTime() - started });
  }
}

/** What is thrown and what is left unfinished is blamed on the study only when the servers answer otherwise. */
async function visit(request: Visit, lanes: Lanes): Promise<StudyOutcome> {
  try {
    const outcome = await copyStudy(request, lanes);
    if (outcome.unfinished === undefined) return outcome;
    return { ...outcome, unfinished: await whoseFault(outcome.unfinished, lanes) };
  } catch (error) {
    const failure = asFailure(error);
    throw failure === undefined ? error : await whoseFault(failure, lanes);
  }
}

function answer(claim: Claim, outcome: StudyOutcome, hand: Hand): void {
  hand.observe({
    parts: provedIn(outcome),
    bytes: outcome.copiedBytes,
    overloaded: outcome.unfinished?.code === 'ORTHANC_BUSY',
  });
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
