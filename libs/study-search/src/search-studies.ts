import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { FoundTags } from '@orthanc-tools/orthanc-client';
import { type FoundStudy, isInSpan, parseStudy, toldKeys } from './found-study.ts';
import type { KnownCap } from './known-cap.ts';
import { type Order, type Span, keysOf } from './span.ts';
import { splitSpan } from './split-span.ts';

/** What is learnt of a span, part by part. */
export type Told =
  /** All that the remote holds of this part. */
  | { readonly is: 'told'; readonly span: Span; readonly studies: readonly FoundStudy[] }
  /** Some of this part, all of which is told in others. */
  | { readonly is: 'some'; readonly span: Span; readonly studies: readonly FoundStudy[] }
  /** The answer may have been cut, and nothing smaller can be asked for: there may be more. */
  | { readonly is: 'cut'; readonly span: Span; readonly studies: readonly FoundStudy[] }
  /** To be asked again; all other parts go on. */
  | { readonly is: 'failed'; readonly span: Span; readonly failure: Failure };

export interface Search {
  /** One C-FIND at study level; without any retry. */
  find(keys: Readonly<Record<string, string>>): Promise<readonly FoundTags[]>;
  readonly span: Span;
  readonly order: Order;
  readonly cap: KnownCap;
  /** By which what is too much in one second, or has no date, is asked for in parts. */
  readonly modalities: readonly string[];
  /** Further keys to be told, by keyword. */
  readonly alsoTold?: readonly string[];
}

/** The modalities of most studies (DICOM PS3.3 C.7.3.1.1.1). */
export const usualModalities: readonly string[] = (
  'CT MR US CR DX MG NM PT XA RF OT SC SR DOC ES ECG IO PX OP OPT SM XC IVUS BMD ' +
  'RTIMAGE RTDOSE RTSTRUCT RTPLAN PR KO REG SEG'
).split(' ');

/** How many studies were told; undefined where a part has failed. */
type Count = { readonly studies: number; readonly isWhole: boolean } | undefined;

/**
 * Finds the studies of a span with as few C-FINDs as the remote's limits allow: the whole span first, in parts where an
 * answer was or may have been cut. The same study may be told more than once, where parts overlap. Memory holds one
 * answer for each level of splitting, and of a day that is too much for one answer its studies.
 * @throws what concerns the whole run, and what is no failure
 */
export async function* searchStudies(search: Search): AsyncGenerator<Told, Count> {
  const answer = await ask(search);
  if (answer.is === 'failed') {
    yield answer;
    return undefined;
  }
  const { studies, isWhole } = answer;
  const parts = isWhole ? [] : partsOf(studies, search);
  if (parts.length === 0) {
    yield { is: isWhole ? 'told' : 'cut', span: search.span, studies: wantedOf(studies, search.span) };
    return { studies: studies.length, isWhole };
  }
  const isOfDays = parts.every(({ times, modality }) => times === undefined && modality === undefined);
  const count = yield* isOfDays ? searchDays(parts, search) : searchDay(parts, studies, search);
  if (count !== undefined) search.cap.learn(studies.length, count.studies, count.isWhole);
  return count;
}

type Answer =
  | (Told & { readonly is: 'failed' })
  | { readonly is: 'answer'; readonly studies: readonly FoundStudy[]; readonly isWhole: boolean };

async function ask({ find, span, cap, alsoTold = [] }: Search): Promise<Answer> {
  const more = Object.fromEntries(alsoTold.map((keyword) => [keyword, '']));
  try {
    const answers = await find({ ...more, ...toldKeys, ...keysOf(span) });
    const studies = answers.flatMap((tags) => parseStudy(tags) ?? []);
    const isWhole = !cap.mayBeCut(answers.length);
    cap.notice(answers.length);
    return { is: 'answer', studies, isWhole };
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || failure.scope === 'run' || failure.kind === 'configuration') throw error;
    return { is: 'failed', span, failure };
  }
}

/** Who has no date is found among all others. */
const wantedOf = (studies: readonly FoundStudy[], { dates }: Span): readonly FoundStudy[] =>
  dates === undefined ? studies.filter(({ date }) => date === '') : studies;

/**
 * None where the remote does not heed the keys by which the span is a part: it would be asked the same for ever. Some
 * tell studies without a date whatever days they are asked for; by the others it can be seen whether they heed them.
 */
function partsOf(studies: readonly FoundStudy[], { span, order, modalities }: Search): Span[] {
  const dated = span.dates === undefined ? studies : studies.filter(({ date }) => date !== '');
  const isHeeded = dated.length > 0 && dated.every((study) => isInSpan(study, span));
  return isHeeded ? splitSpan(span, { order, modalities }) : [];
}

/** Every study with a date is in one of them, and in one only. */
async function* searchDays(parts: readonly Span[], search: Search): AsyncGenerator<Told, Count> {
  let all: Count = { studies: 0, isWhole: true };
  for (const span of parts) {
    const count: Count = yield* searchStudies({ ...search, span });
    all = all && count && { studies: all.studies + count.studies, isWhole: all.isWhole && count.isWhole };
  }
  return all;
}

/** Parts of a day overlap, and may leave something out. */
async function* searchDay(
  parts: readonly Span[],
  whole: readonly FoundStudy[],
  search: Search,
): AsyncGenerator<Told, Count> {
  const { span } = search;
  const seen = new Map<string, FoundStudy>();
  let [hasFailed, isWhole] = [false, true];
  const note = (told: Told): Told => {
    if (told.is === 'cut') isWhole = false;
    if (told.is === 'failed') hasFailed = true;
    else for (const study of told.studies) seen.set(study.studyInstanceUid, study);
    return told;
  };
  // What has no time is in no part by time, and what has an unusual modality in none by modality.
  yield note({ is: 'some', span, studies: wantedOf(whole, span) });
  for (const part of parts)
    for await (const told of searchStudies({ ...search, span: part })) yield note(told);
  if (parts[0]?.times !== undefined && span.times === undefined)
    for await (const told of lookForUntimed([...seen.values()], search)) yield note(told);
  return hasFailed ? undefined : { studies: seen.size, isWhole };
}

/**
 * Studies without a time are in no part of their day by time. So a day that was too full is asked for by modality as
 * well; what is still cut then is in doubt only where such studies have been seen.
 */
async function* lookForUntimed(seen: readonly FoundStudy[], search: Search): AsyncGenerator<Told> {
  const known = new Set(seen.flatMap(({ modalities }) => modalities));
  const answers: (Answer & { readonly span: Span })[] = [];
  for (const modality of known.size === 0 ? search.modalities : known) {
    const span = { ...search.span, modality };
    answers.push({ ...(await ask({ ...search, span })), span });
  }
  const told = answers.flatMap((answer) => (answer.is === 'answer' ? answer.studies : []));
  const hasUntimed = [...seen, ...told].some(({ time }) => time === '');
  for (const answer of answers) {
    if (answer.is === 'failed') yield answer;
    else yield { is: answer.isWhole ? 'told' : hasUntimed ? 'cut' : 'some', ...partOf(answer) };
  }
}

const partOf = ({ span, studies }: { readonly span: Span; readonly studies: readonly FoundStudy[] }) => ({
  span,
  studies,
});
