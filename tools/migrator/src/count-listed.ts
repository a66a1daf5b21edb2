import { asFailure } from '@orthanc-tools/failures';
import type { Span } from '@orthanc-tools/study-search';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import { describeStudy } from './describe-study.ts';
import { lately } from './lately.ts';
import { patientlyWithin } from './patiently-within.ts';
import { type ListedWork, readStudiesFile } from './read-studies-file.ts';
import { findStudies, keysOfAccession, uidsOfAccession } from './search-work.ts';
import type { DescribedStudy, StudyContext } from './study-context.ts';
import { keyOfAccession } from './work-keys.ts';

/** An entry of the list that the source does not know; an accession number is no UID, and is not told. */
export interface NotFound {
  /** From 1 on, without the head line. */
  readonly entry: number;
  readonly study?: string;
}

export type ToldOfList =
  | { readonly is: 'study'; readonly study: DescribedStudy }
  | { readonly is: 'not found'; readonly what: NotFound }
  /** The source did not answer what it was asked of this entry. */
  | { readonly is: 'failed'; readonly entry: number };

interface Asking extends Pick<StudyContext, 'orthanc' | 'source'> {
  readonly run: RunContext;
  /** Of a question, before it has failed. */
  readonly maxRetries: number;
  /** A question is put. */
  readonly onQuestion: () => void;
}

/** So many are known again; what is named twice farther apart counts twice. */
const rememberedEntries = 100_000;

/** Asks the source for each entry of a list, as the migration does. A study is told once. */
export async function* countListed(path: string, asking: Asking): AsyncGenerator<ToldOfList> {
  const [isNewEntry, isNewStudy] = [lately(rememberedEntries), lately(rememberedEntries)];
  for await (const work of readStudiesFile(path)) {
    const { entry } = work;
    if (!isNewEntry('uid' in work ? work.uid : keyOfAccession(work.accession))) continue;
    const studies = await studiesIn(work, asking);
    // A question that was broken off has found nothing out.
    if (asking.run.signal.aborted) return;
    if (studies === undefined) yield { is: 'failed', entry };
    else if (studies.length === 0)
      yield { is: 'not found', what: { entry, ...('uid' in work && { study: work.uid }) } };
    else for (const study of studies) if (isNewStudy(study.studyInstanceUid)) yield { is: 'study', study };
  }
}

/** Undefined where the source refused the question. */
async function studiesIn(work: ListedWork, asking: Asking): Promise<DescribedStudy[] | undefined> {
  try {
    const uids = 'uid' in work ? [work.uid] : await uidsOf(work.accession, asking);
    const studies: DescribedStudy[] = [];
    for (const uid of uids) {
      const study = await ask(() => describeStudy(uid, asking, asking.run.signal), asking);
      if (study !== undefined) studies.push(study);
    }
    return studies;
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || failure.scope === 'run' || failure.kind === 'configuration') throw error;
    return undefined;
  }
}

async function uidsOf(accession: string, asking: Asking): Promise<string[]> {
  const keys = keysOfAccession(accession);
  if (keys === undefined) return [];
  return uidsOfAccession(
    accession,
    (await ask(() => findStudies(asking, keys, asking.run.signal), asking)) ?? [],
  );
}

const ask = <Answer>(
  question: () => Promise<Answer>,
  { onQuestion, run, maxRetries }: Asking,
): Promise<Answer | undefined> => {
  onQuestion();
  return patientlyWithin(maxRetries, question, run);
};

/** Whether the search of a span tells a study of this date. Pure. */
export const isInSpans = (date: string, spans: readonly Span[]): boolean =>
  spans.some(({ dates }) => (dates === undefined ? date === '' : date >= dates.from && date <= dates.to));
