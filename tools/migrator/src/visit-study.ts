import { type Failure, transientFailure } from '@orthanc-tools/failures';
import { type ListedStudy, listImages } from '@orthanc-tools/study-search';
import type { Hand } from '@orthanc-tools/work-loop';
import type { Arrived } from './arrival-note.ts';
import { deleteStudy } from './delete-study.ts';
import { forgetDeletion, noteDeletion } from './deletion-note.ts';
import { fetchStudy } from './fetch-study.ts';
import { judgeIdentity, patientsOf } from './judge-identity.ts';
import type { Receiver } from './receiver.ts';
import { type SendRequest, type Sent, patientIdsOf, sendStudy } from './send-study.ts';
import type { DescribedStudy, SourceModality, StudyContext } from './study-context.ts';
import { writeNote } from './study-note.ts';
import {
  type Listed,
  type StudyOutcome,
  lostBetween,
  outcomeOfFetch,
  outcomeOfSending,
} from './study-outcome.ts';

/** What one try has come to. */
export interface StudyVisit extends Deleted {
  readonly outcome: StudyOutcome;
  /** Images that came nearer to where they belong. */
  readonly moved: number;
  readonly conflicts: readonly string[];
  /** Of a study that was fetched. */
  readonly arrived?: Arrived | undefined;
}

interface Deleted {
  readonly deleted: number;
  /** Instances that Orthanc still holds of a study from which some were deleted. */
  readonly left: number;
}

const nothingDeleted: Deleted = { deleted: 0, left: 0 };

interface Visiting {
  readonly hand: Hand;
  readonly context: StudyContext;
}

/** Fetches what is missing of a study, sends it on, and deletes what is proved, as far as each is wanted. */
export async function visitStudy(study: DescribedStudy, visiting: Visiting): Promise<StudyVisit> {
  const { hand, context } = visiting;
  const { source, receiver } = context;
  // It is still there: what was proved before a deletion that failed says nothing of what it holds by now.
  forgetDeletion(study.studyInstanceUid, context.ledger);
  const fetched = source === undefined ? undefined : await visitSource(source, study, visiting);
  if (receiver !== undefined && (fetched === undefined || fetched.outcome.exceptions.length === 0))
    return visitReceiver(receiver, study, { ...visiting, fetched });
  if (fetched === undefined) throw new Error('A route without source and destination.');
  const conflicts = await judgeIdentity(study, context, hand.signal);
  return { ...nothingDeleted, ...fetched, conflicts };
}

interface FetchVisit extends Pick<StudyVisit, 'outcome' | 'moved'> {
  readonly arrived: Arrived;
  readonly listed: Listed;
}

async function visitSource(
  source: SourceModality,
  study: DescribedStudy,
  visiting: Visiting,
): Promise<FetchVisit> {
  const { hand, context } = visiting;
  const { studyInstanceUid: key, images: told } = study;
  const listed = await listAt(source, key, visiting);
  const fetched = await fetchStudy({ key, study: listed, told, source, signal: hand.signal }, context);
  context.totals.fetchedImages += fetched.fetched;
  if (fetched.fetched > 0) hand.observe({ parts: fetched.fetched, bytes: 0 });
  return {
    outcome: outcomeOfFetch(fetched, told),
    moved: fetched.fetched,
    arrived: fetched.arrived,
    listed: { study: listed, told, foreign: fetched.arrived.foreign },
  };
}

async function listAt(
  { alias, lane, listCaps: caps }: SourceModality,
  studyInstanceUid: string,
  { hand, context }: Visiting,
): Promise<ListedStudy> {
  const { signal } = hand;
  const listed = await listImages({
    find: (level, keys) => lane(() => context.orthanc.modalities.find(alias, { level, keys }, signal)),
    studyInstanceUid,
    caps,
  });
  // An empty list would prove itself.
  if (listed.series.length > 0) return listed;
  throw transientFailure('LIST_EMPTY', `The modality ${alias} knows the study and names no series of it.`);
}

interface SendVisiting extends Visiting {
  readonly fetched: FetchVisit | undefined;
}

async function visitReceiver(
  receiver: Receiver,
  study: DescribedStudy,
  { hand, context, fetched }: SendVisiting,
): Promise<StudyVisit> {
  const { studyInstanceUid } = study;
  const request = { key: studyInstanceUid, studyInstanceUid, receiver, signal: hand.signal };
  const sent = await sendStudy(request, context);
  context.totals.sentImages += sent.sent;
  const outcome = outcomeOfSending(sent, fetched?.listed);
  // What was fetched and is lost again came no nearer: otherwise it would be fetched without end.
  const isLost = fetched !== undefined && lostBetween(fetched.listed, sent).length > 0;
  const moved = sent.sent + (isLost ? 0 : (fetched?.moved ?? 0));
  const conflicts = await judgeIdentity(study, context, hand.signal);
  // Among the images of somebody else nobody would find them again: a person decides first.
  const mayDelete = context.deleteFromSource && outcome.exceptions.length === 0 && conflicts.length === 0;
  if (mayDelete && hasStrangers(sent, study)) throw hasGrown();
  const deletion = mayDelete ? await deleteSent({ study, sent, outcome }, request, context) : nothingDeleted;
  return { outcome, moved, conflicts, arrived: fetched?.arrived, ...deletion };
}

/** Images of a patient who has joined the study since it was described, and was not judged. */
function hasStrangers({ held }: Sent, study: DescribedStudy): boolean {
  const judged = new Set(patientsOf(study).map(({ patientId }) => patientId));
  return [...patientIdsOf(held)].some((patientId) => !judged.has(patientId));
}

interface ProvedStudy {
  readonly study: DescribedStudy;
  readonly sent: Sent;
  readonly outcome: StudyOutcome;
}

async function deleteSent(
  { study, sent, outcome }: ProvedStudy,
  request: SendRequest,
  context: StudyContext,
): Promise<Deleted> {
  const { proof, proved: parts, bytes, existing } = outcome;
  // What was there before stays, so that such a study is never gone by us.
  if (existing === 0)
    noteDeletion(request.key, { proof, parts, bytes, note: writeNote(study, outcome) }, context.ledger);
  const { deleted, kept, left } = await deleteStudy(sent.judged, request, context);
  if (kept.length === 0) return { deleted: deleted.length, left: left.length };
  forgetDeletion(request.key, context.ledger);
  throw kept.some(({ why }) => why === 'still there') ? notDeleted() : notConfirmed();
}

const notDeleted = (): Failure =>
  transientFailure('NOT_DELETED', 'Orthanc still holds what it was told to delete.');

const hasGrown = (): Failure =>
  transientFailure('NOT_CONFIRMED', 'Images of another patient have joined the study meanwhile.');

const notConfirmed = (): Failure =>
  transientFailure(
    'NOT_CONFIRMED',
    'Right before the deletion the destination, or Orthanc, no longer held all as it was proved.',
  );
