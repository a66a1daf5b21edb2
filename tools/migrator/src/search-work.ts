import { type Failure, asFailure, transientFailure } from '@orthanc-tools/failures';
import { type FoundTags, suspecting } from '@orthanc-tools/orthanc-client';
import {
  type FoundStudy,
  type KnownCap,
  type Order,
  type Span,
  nameOfSpan,
  searchStudies,
  splitSpan,
  usualModalities,
} from '@orthanc-tools/study-search';
import type { Claim, PartException, WorkLedger } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { FailingQuestions } from './failing-questions.ts';
import { faultOver } from './fault-of-modality.ts';
import { undatedAtOrthanc } from './find-undated.ts';
import { hoursEnded, hoursEndedFailure } from './follow-transfer.ts';
import { writeMark } from './study-mark.ts';
import type { StudyContext } from './study-context.ts';
import { keyOfSpan, priorities, readAccession } from './work-keys.ts';

/** What it takes to look for studies. */
export interface SearchContext
  extends
    Pick<RunContext, 'log' | 'clock'>,
    Pick<StudyContext, 'orthanc' | 'suspects' | 'source' | 'hungOver' | 'schedule'> {
  readonly ledger: WorkLedger;
  readonly order: Order;
  readonly cap: KnownCap;
  readonly failing: FailingQuestions;
  /** Also what the ledger holds as proved is to be looked at. */
  readonly proveAgain: boolean;
  /** Something was entered. */
  readonly wake: () => void;
}

/** One C-FIND at study level, or the same question to Orthanc's own index. */
export function findStudies(
  { orthanc, source }: Pick<SearchContext, 'orthanc' | 'source'>,
  keys: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<FoundTags[]> {
  if (source === undefined) return orthanc.studies.find(keys, signal);
  return source.lane(() => orthanc.modalities.find(source.alias, { level: 'Study', keys }, signal));
}

interface Asking {
  /** Of the claim. */
  readonly key: string;
  readonly signal: AbortSignal;
}

/** The same. @throws what went wrong, of scope `run` where the source hangs as a whole, which says nothing of a span either */
async function findAtLivingSource(
  keys: Readonly<Record<string, string>>,
  { key, signal }: Asking,
  context: SearchContext,
): Promise<FoundTags[]> {
  const { source, failing } = context;
  try {
    const found = await findStudies(context, keys, signal);
    failing.answered();
    return found;
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || source === undefined) throw error;
    throw await faultOver(failure, { key, modality: source, signal }, context);
  }
}

/**
 * Looks for the studies of a span and enters them into the ledger. Each part that fails becomes work of its own, with
 * tries of its own; what a cap may have hidden is told as an exception of the span.
 */
export async function searchWork(
  claim: Claim,
  span: Span,
  hand: Hand,
  context: SearchContext,
): Promise<void> {
  const found = { studies: 0, failed: [] as Failed[], cut: [] as PartException[] };
  if (span.dates === undefined && span.modality === undefined && context.source === undefined)
    for await (const studies of undatedAtOrthanc(context.orthanc, hand.signal))
      enter(studies, found, context);
  else
    for await (const told of searchStudies({
      ...settingsOf(span, { key: claim.key, signal: hand.signal }, context),
    })) {
      if (told.is === 'failed') found.failed.push(told);
      else enter(told.studies, found, context);
      if (told.is === 'cut') found.cut.push(cutException(told.span));
    }
  answer(claim, span, { found, hand, context });
}

interface Failed {
  readonly span: Span;
  readonly failure: Failure;
}

interface Found {
  studies: number;
  readonly failed: Failed[];
  readonly cut: PartException[];
}

const settingsOf = (span: Span, asking: Asking, context: SearchContext) => ({
  find: (keys: Readonly<Record<string, string>>) => {
    // What is not asked for now becomes work of its own, for when the hours begin again.
    if (!context.schedule.isOpen(context.clock.now())) return Promise.reject(hoursEndedFailure());
    // An Orthanc that is away says nothing of the span.
    return suspecting(context.suspects, () => findAtLivingSource(keys, asking, context));
  },
  span,
  order: context.order,
  cap: context.cap,
  modalities: usualModalities,
});

/** No answer of a C-FIND is in any order. */
const inOrder = (studies: readonly FoundStudy[], order: Order): FoundStudy[] =>
  studies.toSorted((one, other) => {
    const isEarlier = one.date + one.time < other.date + other.time;
    return isEarlier === (order === 'oldest first') ? -1 : 1;
  });

function enter(
  studies: readonly FoundStudy[],
  found: Found,
  { ledger, proveAgain, wake, order }: SearchContext,
): void {
  const items = inOrder(studies, order).map((study) => ({
    key: study.studyInstanceUid,
    mark: writeMark(study),
    priority: priorities.found,
  }));
  if (proveAgain) ledger.enqueue(items);
  else ledger.enqueueChanged(items);
  found.studies += studies.length;
  wake();
}

const cutException = (span: Span): PartException => ({
  part: nameOfSpan(span),
  code: 'SEARCH_CUT',
  message: 'The source may hold more studies than it tells, and nothing smaller can be asked for.',
});

/** A question that has failed as often as this is asked in halves. */
const triesBeforeSplitting = 2;

function answer(
  claim: Claim,
  span: Span,
  { found, hand, context }: { readonly found: Found; readonly hand: Hand; readonly context: SearchContext },
): void {
  const { ledger, log, order } = context;
  const own = found.failed.find((failed) => nameOfSpan(failed.span) === nameOfSpan(span));
  const others = found.failed.filter((failed) => failed !== own).map((failed) => failed.span);
  const mustSplit = own !== undefined && isToBeSplit(own, claim, context);
  const halves = mustSplit ? splitSpan(span, { order, modalities: usualModalities }) : [];
  ledger.enqueue(
    [...others, ...halves].map((part) => ({ key: keyOfSpan(part), priority: priorities.search })),
  );
  log.info('search.ended', {
    span: nameOfSpan(span),
    studies: found.studies,
    failed: found.failed.length,
    cut: found.cut.length,
  });
  if (own !== undefined && halves.length === 0) {
    if (own.failure.code === hoursEnded) hand.release(claim);
    else hand.reschedule(claim, own.failure);
    return;
  }
  // Parts by time and by modality leave out what has no time, and what has another modality: that is told.
  const isCovered = halves.length === 0 || isOfDays(span);
  const exceptions = isCovered ? found.cut : [...found.cut, cutException(span)];
  hand.settle(claim, { outcome: 'searched', proof: '', parts: 0, bytes: 0, exceptions });
}

function isToBeSplit({ span, failure }: Failed, { attempt }: Claim, { failing }: SearchContext): boolean {
  if (failure.code === 'ANSWER_TOO_LARGE') return true;
  return failure.code !== hoursEnded && attempt >= triesBeforeSplitting && failing.isToBeSplit(span);
}

/** Halves of it are days again. */
const isOfDays = ({ dates }: Span): boolean => dates !== undefined && dates.from !== dates.to;

/** By which the studies of an accession number are asked for; undefined where it would be a pattern of C-FIND for any. */
export const keysOfAccession = (accession: string): Readonly<Record<string, string>> | undefined =>
  /^[*?]*$/.test(accession) ? undefined : { AccessionNumber: accession, StudyInstanceUID: '', StudyDate: '' };

/**
 * The studies that bear this accession number and no other. C-FIND takes `*` and `?` for patterns, and a server that does
 * not know the key tells studies of any.
 */
export const uidsOfAccession = (accession: string, found: readonly FoundTags[]): string[] =>
  found
    .filter((tags) => tags['AccessionNumber']?.trim() === accession)
    .map((tags) => tags['StudyInstanceUID']?.trim() ?? '')
    .filter((uid) => uid !== '');

async function studiesOf(accession: string, asking: Asking, context: SearchContext): Promise<string[]> {
  const keys = keysOfAccession(accession);
  return keys === undefined
    ? []
    : uidsOfAccession(accession, await findAtLivingSource(keys, asking, context));
}

/** Looks for the studies of an accession number of a list. */
export async function searchAccession(claim: Claim, hand: Hand, context: SearchContext): Promise<void> {
  const { ledger, wake, proveAgain } = context;
  const { number } = readAccession(claim.mark);
  const uids = await studiesOf(number.trim(), { key: claim.key, signal: hand.signal }, context);
  if (uids.length === 0) {
    const failure = transientFailure(
      'STUDY_NOT_FOUND',
      'The source knows no study of this accession number.',
    );
    hand.reschedule(claim, failure);
    return;
  }
  const items = uids.map((key) => ({ key, priority: priorities.listed }));
  if (proveAgain) ledger.enqueue(items);
  else ledger.enqueueNew(items);
  wake();
  hand.settle(claim, { outcome: 'searched', proof: '', parts: 0, bytes: 0 });
}
