import type { KnownStudy } from './known-study.ts';
import type { Criteria, KeepRule, TextTest } from './retention-rule.ts';

/** Whether the criteria speak of the study. Texts are compared letter by letter: no character stands for others. Pure. */
export function matchesStudy(criteria: Criteria, study: KnownStudy): boolean {
  const { labels, isWithoutLabels = false, modalities, accession, description, institution } = criteria;
  return (
    (labels === undefined || labels.some((label) => study.labels.includes(label))) &&
    (!isWithoutLabels || study.labels.length === 0) &&
    (modalities === undefined || modalities.some((modality) => study.modalities.includes(modality))) &&
    meets(accession, study.accession) &&
    meets(description, study.description) &&
    meets(institution, study.institution)
  );
}

/** A keep rule, made ready to be asked of many studies. */
export interface Holder {
  readonly name: string;
  /** Whether it holds the study back on this day (`YYYYMMDD`). */
  holdsBack(study: KnownStudy, today: string): boolean;
}

/**
 * It errs on the side of keeping: capitals are small letters, a pattern keeps what it finds by minding them and what it finds
 * without, and a study of which no modality is known may be of any. Pure.
 */
export function holderOf({ name, criteria, isForProtected = false, until, ...ids }: KeepRule): Holder {
  const { isWithoutLabels = false } = criteria;
  const labels = inSmall(criteria.labels);
  const modalities = inSmall(criteria.modalities);
  const patientIds = inSmall(ids.patientIds);
  const texts = (['accession', 'description', 'institution'] as const).map(
    (key) => [key, keptBy(criteria[key])] as const,
  );
  return {
    name,
    holdsBack: (study, today) =>
      (until === undefined || today <= until) &&
      (!isForProtected || study.isProtected) &&
      (ids.studyUids === undefined || ids.studyUids.has(study.uid)) &&
      isAmong(patientIds, [study.patientId]) &&
      isAmong(labels, study.labels) &&
      (!isWithoutLabels || study.labels.length === 0) &&
      (study.modalities.length === 0 || isAmong(modalities, study.modalities)) &&
      texts.every(([key, keeps]) => keeps(study[key])),
  };
}

const small = (text: string): string => text.toLowerCase();

const inSmall = (texts: Iterable<string> | undefined): ReadonlySet<string> | undefined =>
  texts && new Set([...texts].map(small));

const isAmong = (wanted: ReadonlySet<string> | undefined, texts: readonly string[]): boolean =>
  wanted === undefined || texts.some((text) => wanted.has(small(text)));

function keptBy(test: TextTest | undefined): (value: string) => boolean {
  if (test === undefined) return () => true;
  if ('literal' in test) return (value) => small(value) === small(test.literal);
  // Without capitals, what a pattern leaves out is more: "not TEST" would leave out "Testicular", and so not keep it.
  const patterns = [test.pattern, new RegExp(test.pattern.source, 'iu')];
  return (value) => patterns.some((pattern) => pattern.test(value));
}

function meets(test: TextTest | undefined, value: string): boolean {
  if (test === undefined) return true;
  return 'literal' in test ? test.literal === value : test.pattern.test(value);
}
