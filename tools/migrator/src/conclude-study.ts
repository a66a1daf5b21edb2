import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { identityConflict } from './judge-identity.ts';
import type { StudyVisit } from './migrate-study.ts';
import { forgetNotes } from './sending-notes.ts';
import type { DescribedStudy, StudyContext } from './study-context.ts';
import { type StudyOutcome, imagesMissing, notesOn } from './study-outcome.ts';
import { tellStep } from './study-steps.ts';

interface Conclusion {
  readonly claim: Claim;
  readonly hand: Hand;
  readonly study: DescribedStudy;
  readonly visit: StudyVisit;
}

/** Answers for a study: done with its proof, later again, or set aside with the name of each image that is missing. */
export function concludeStudy({ claim, hand, study, visit }: Conclusion, context: StudyContext): void {
  const { outcome, moved, deleted, left, conflicts } = visit;
  const { log, metrics, totals } = context;
  const facts = { study: claim.key, attempt: claim.attempt, moved, proved: outcome.proved };
  tellStep(log, 'answer', { study: claim.key });
  totals.deletedInstances += deleted;
  if (conflicts.length > 0) tellConflict(claim.key, conflicts, context);
  const known = knownOf(visit, study);
  if (outcome.mayPass) {
    const soFar = { ...known, exceptions: outcome.exceptions, hasProgressed: moved > 0 };
    const answer = hand.reschedule(claim, imagesMissing(outcome), soFar);
    log.warn(answer === 'set aside' ? 'study.set_aside' : 'study.rescheduled', {
      ...facts,
      missing: outcome.exceptions.length,
      code: 'IMAGES_MISSING',
    });
    metrics.countItem(answer === 'set aside' ? 'set_aside' : 'rescheduled');
    if (answer === 'set aside') context.errorLog?.(study);
    return;
  }
  hand.settle(claim, {
    ...known,
    outcome: deleted === 0 ? outcome.outcome : left === 0 ? 'deleted' : 'deleted-in-part',
    proof: outcome.proof,
    exceptions: outcome.exceptions,
  });
  forgetNotes(claim.key, context.ledger);
  if (outcome.exceptions.length > 0) {
    log.warn('study.set_aside', {
      ...facts,
      missing: outcome.exceptions.length,
      code: outcome.exceptions[0]?.code,
    });
    metrics.countItem('set_aside');
    context.errorLog?.(study);
    return;
  }
  totals.studies += 1;
  totals.provedImages += outcome.proved - outcome.existing;
  if (outcome.outcome === 'already-there') totals.alreadyThereImages += outcome.proved;
  log.info(outcome.outcome === 'accepted' ? 'study.accepted' : 'study.verified', {
    ...facts,
    proof: outcome.proof,
    deleted,
  });
  metrics.countItem(outcome.outcome === 'accepted' ? 'accepted' : 'verified');
}

function tellConflict(key: string, differ: readonly string[], { log, totals }: StudyContext): void {
  totals.identityConflicts += 1;
  log.warn('patient.in_conflict', { study: key, code: identityConflict, differ: differ.join(', ') });
}

/** What the report tells of a study, whatever becomes of it; without patient data. */
export interface StudyNote {
  readonly date: string;
  readonly images: number;
  readonly missing: number;
  /** In what the destination knows the patient otherwise. */
  readonly differ?: readonly string[];
}

function knownOf({ outcome, conflicts }: StudyVisit, { date }: DescribedStudy) {
  const note: StudyNote = {
    date,
    images: outcome.proved,
    missing: countMissing(outcome),
    ...(conflicts.length > 0 && { differ: conflicts }),
  };
  return {
    parts: outcome.proved,
    bytes: outcome.bytes,
    note: JSON.stringify(note),
    partNotes: notesOn(outcome.exceptions),
  };
}

const countMissing = ({ exceptions }: StudyOutcome): number => exceptions.length;
