import type { Claim, Settlement } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { noteAnswered } from './arrival-note.ts';
import { forgetDeletion } from './deletion-note.ts';
import { identityConflict } from './judge-identity.ts';
import { forgetNotes } from './sending-notes.ts';
import type { DescribedStudy, StudyContext } from './study-context.ts';
import { writeNote } from './study-note.ts';
import { imagesMissing, notesOn } from './study-outcome.ts';
import { tellStep } from './study-steps.ts';
import type { StudyVisit } from './visit-study.ts';

interface Conclusion {
  readonly claim: Claim;
  readonly hand: Hand;
  readonly study: DescribedStudy;
  readonly visit: StudyVisit;
}

/** Answers for a study: done with its proof, later again, or set aside with the name of each image that is missing. */
export function concludeStudy(conclusion: Conclusion, context: StudyContext): void {
  const { claim, hand, visit } = conclusion;
  const { outcome, deleted, conflicts } = visit;
  tellStep(context.log, 'answer', { study: claim.key });
  context.totals.deletedInstances += deleted;
  if (conflicts.length > 0) tellConflict(claim.key, conflicts, context);
  if (outcome.mayPass) {
    postpone(conclusion, context);
    return;
  }
  hand.settle(claim, settlementOf(conclusion));
  forgetNotes(claim.key, context.ledger);
  forgetDeletion(claim.key, context.ledger);
  if (visit.arrived !== undefined) noteAnswered(claim.key, visit.arrived, context.ledger);
  if (outcome.exceptions.length > 0) tellIncomplete(conclusion, context);
  else tellComplete(conclusion, context);
}

function settlementOf({ study, visit }: Conclusion): Settlement {
  const { outcome, deleted, left } = visit;
  return {
    ...knownOf(visit, study),
    outcome: deleted === 0 ? outcome.outcome : left === 0 ? 'deleted' : 'deleted-in-part',
    proof: outcome.proof,
    exceptions: outcome.exceptions,
    // So that one that comes back is looked at, however much it looks like the one that was deleted.
    ...(deleted > 0 && { mark: '' }),
  };
}

function postpone({ claim, hand, study, visit }: Conclusion, context: StudyContext): void {
  const { outcome, moved } = visit;
  const soFar = { ...knownOf(visit, study), exceptions: outcome.exceptions, hasProgressed: moved > 0 };
  const isSetAside = hand.reschedule(claim, imagesMissing(outcome), soFar) === 'set aside';
  context.log.warn(isSetAside ? 'study.set_aside' : 'study.rescheduled', {
    ...factsOf(claim, visit),
    missing: outcome.exceptions.length,
    code: 'IMAGES_MISSING',
  });
  context.metrics.countItem(isSetAside ? 'set_aside' : 'rescheduled');
  if (isSetAside) context.errorLog?.(study);
}

function tellIncomplete({ claim, study, visit }: Conclusion, { log, metrics, errorLog }: StudyContext): void {
  const { exceptions } = visit.outcome;
  const told = { missing: exceptions.length, code: exceptions[0]?.code };
  log.warn('study.set_aside', { ...factsOf(claim, visit), ...told });
  metrics.countItem('set_aside');
  errorLog?.(study);
}

function tellComplete({ claim, visit }: Conclusion, { log, metrics, totals }: StudyContext): void {
  const { outcome, deleted } = visit;
  totals.studies += 1;
  totals.provedImages += outcome.proved - outcome.existing;
  totals.alreadyThereImages += outcome.existing;
  const became = outcome.outcome === 'accepted' ? 'accepted' : 'verified';
  log.info(`study.${became}`, { ...factsOf(claim, visit), proof: outcome.proof, deleted });
  metrics.countItem(became);
}

const factsOf = ({ key, attempt }: Claim, { moved, outcome }: StudyVisit) => ({
  study: key,
  attempt,
  moved,
  proved: outcome.proved,
});

function tellConflict(key: string, differ: readonly string[], { log, totals }: StudyContext): void {
  totals.identityConflicts += 1;
  log.warn('patient.in_conflict', { study: key, code: identityConflict, differ: differ.join(', ') });
}

const knownOf = ({ outcome, conflicts }: StudyVisit, study: DescribedStudy) => ({
  parts: outcome.proved,
  bytes: outcome.bytes,
  note: writeNote(study, outcome, conflicts),
  partNotes: notesOn(outcome.exceptions),
});
