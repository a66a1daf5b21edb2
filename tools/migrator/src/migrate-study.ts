import { confirmReading } from '@orthanc-tools/copy-proof';
import { type Failure, asFailure, transientFailure } from '@orthanc-tools/failures';
import { blame } from '@orthanc-tools/orthanc-client';
import { type ListedStudy, listImages } from '@orthanc-tools/study-search';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { instancesOf } from './arrival.ts';
import { concludeStudy } from './conclude-study.ts';
import { deleteStudy } from './delete-study.ts';
import { describeStudy } from './describe-study.ts';
import { fetchStudy } from './fetch-study.ts';
import { hoursEnded } from './follow-transfer.ts';
import { judgeIdentity } from './judge-identity.ts';
import { sendStudy } from './send-study.ts';
import { forgetNotes } from './sending-notes.ts';
import type { DescribedStudy, SourceModality, StudyContext } from './study-context.ts';
import {
  type Listed,
  type StudyOutcome,
  lostBetween,
  outcomeOfFetch,
  outcomeOfSending,
} from './study-outcome.ts';
import { tellStep } from './study-steps.ts';

/** What one try has come to. */
export interface StudyVisit {
  readonly outcome: StudyOutcome;
  /** Images that came nearer to where they belong. */
  readonly moved: number;
  readonly deleted: number;
  /** Instances that Orthanc still holds of a study from which some were deleted. */
  readonly left: number;
  readonly conflicts: readonly string[];
}

/** Migrates one study, from the list of its images at the source to the answer in the ledger. */
export async function migrateStudy(claim: Claim, hand: Hand, context: StudyContext): Promise<void> {
  const since = performance.now();
  let study: DescribedStudy | undefined;
  try {
    tellStep(context.log, 'list at the source', { study: claim.key });
    study = await describeStudy(claim.key, context, hand.signal);
    if (study === undefined) {
      await answerForNothing(claim, hand, context);
      return;
    }
    concludeStudy(
      { claim, hand, study, visit: await visitStudy(claim.key, study, { hand, context }) },
      context,
    );
  } catch (error) {
    if (asFailure(error)?.code === hoursEnded) {
      hand.release(claim);
      return;
    }
    const failure = await blame(error, context.suspects, since);
    if (hand.reschedule(claim, failure) === 'set aside') tellSetAside(claim, failure, { study, context });
  }
}

/**
 * By its own word Orthanc has none such: deleted by others, or by a run that did not live to say so. One that is on a list
 * and that nobody has ever seen there has not vanished.
 */
async function answerForNothing(claim: Claim, hand: Hand, context: StudyContext): Promise<void> {
  const { source, orthanc, ledger, log, metrics } = context;
  const { key, mark } = claim;
  if (source !== undefined)
    throw transientFailure('STUDY_NOT_FOUND', `The modality ${source.alias} does not know the study.`);
  await confirmReading(orthanc);
  const wasSeen = mark !== '' || ledger.remembered(key, { limit: 1 }).length > 0;
  if (!wasSeen || (await instancesOf(orthanc, key, hand.signal)).length > 0)
    throw transientFailure('STUDY_NOT_FOUND', 'Orthanc does not know the study.');
  hand.settle(claim, { outcome: 'vanished', proof: '', parts: 0, bytes: 0 });
  forgetNotes(key, ledger);
  log.info('study.vanished', { study: key });
  metrics.countItem('vanished');
}

function tellSetAside(
  { key, attempt }: Claim,
  { code }: Failure,
  { study, context }: { readonly study: DescribedStudy | undefined; readonly context: StudyContext },
): void {
  context.log.warn('study.set_aside', { study: key, code, attempt });
  context.metrics.countItem('set_aside');
  context.errorLog?.(study ?? nothingKnownOf(key));
}

const nothingKnownOf = (studyInstanceUid: string): DescribedStudy => ({
  studyInstanceUid,
  date: '',
  patientId: '',
  patientName: '',
  birthDate: '',
  description: '',
  images: undefined,
});

const notDeleted = (): Failure =>
  transientFailure('NOT_DELETED', 'Orthanc still holds what it was told to delete.');

const notConfirmed = (): Failure =>
  transientFailure(
    'NOT_CONFIRMED',
    'Right before the deletion the destination, or Orthanc, no longer held all as it was proved.',
  );

interface Visiting {
  readonly hand: Hand;
  readonly context: StudyContext;
}

async function visitStudy(key: string, study: DescribedStudy, visiting: Visiting): Promise<StudyVisit> {
  const { hand, context } = visiting;
  const { source, receiver } = context;
  let moved = 0;
  let outcome: StudyOutcome | undefined;
  let listed: Listed | undefined;
  let [deleted, left] = [0, 0];
  let conflicts: readonly string[] | undefined;
  if (source !== undefined) {
    listed = { study: await listAt(source, key, visiting), told: study.images };
    const fetched = await fetchStudy({ key, study: listed.study, source, signal: hand.signal }, context);
    context.totals.fetchedImages += fetched.fetched;
    moved += fetched.fetched;
    outcome = outcomeOfFetch(fetched, study.images);
    if (moved > 0) hand.observe({ parts: moved, bytes: 0 });
  }
  if (receiver !== undefined && (outcome === undefined || outcome.exceptions.length === 0)) {
    const request = { key, studyInstanceUid: key, receiver, signal: hand.signal };
    const sent = await sendStudy(request, context);
    context.totals.sentImages += sent.sent;
    outcome = outcomeOfSending(sent, listed);
    // What was fetched and is lost again came no nearer: otherwise it would be fetched without end.
    const isLost = listed !== undefined && lostBetween(listed, sent).length > 0;
    moved = sent.sent + (isLost ? 0 : moved);
    conflicts = await judgeIdentity(study, context, hand.signal);
    // Among the images of somebody else nobody would find them again: a person decides first.
    if (context.deleteFromSource && outcome.exceptions.length === 0 && conflicts.length === 0) {
      const deletion = await deleteStudy(sent.judged, request, context);
      if (deletion.kept.some(({ why }) => why === 'still there')) throw notDeleted();
      if (deletion.kept.length > 0) throw notConfirmed();
      [deleted, left] = [deletion.deleted.length, deletion.left.length];
    }
  }
  if (outcome === undefined) throw new Error('A route without source and destination.');
  conflicts ??= await judgeIdentity(study, context, hand.signal);
  return { outcome, moved, deleted, left, conflicts };
}

async function listAt(
  source: SourceModality,
  uid: string,
  { hand, context }: Visiting,
): Promise<ListedStudy> {
  const { alias, lane, cap } = source;
  const { signal } = hand;
  const listed = await listImages({
    find: (level, keys) => lane(() => context.orthanc.modalities.find(alias, { level, keys }, signal)),
    studyInstanceUid: uid,
    cap,
  });
  // An empty list would prove itself.
  if (listed.series.length > 0) return listed;
  throw transientFailure('LIST_EMPTY', `The modality ${alias} knows the study and names no series of it.`);
}
