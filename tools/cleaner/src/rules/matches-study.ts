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

/**
 * Whether the keep rule holds the study back on this day (`YYYYMMDD`). It errs on the side of keeping: capitals are small
 * letters, and a study of which no modality is known may be of any. Pure.
 */
export function holdsBack(rule: KeepRule, study: KnownStudy, today: string): boolean {
  const { criteria, patientIds, studyUids, isForProtected = false, until } = rule;
  return (
    (until === undefined || today <= until) &&
    (patientIds === undefined || patientIds.has(study.patientId)) &&
    (studyUids === undefined || studyUids.has(study.uid)) &&
    (!isForProtected || study.isProtected) &&
    matchesStudy(criteriaInSmall(criteria, study), inSmall(study))
  );
}

const small = (text: string): string => text.toLowerCase();

const inSmall = (study: KnownStudy): KnownStudy => ({
  ...study,
  labels: study.labels.map(small),
  accession: small(study.accession),
  description: small(study.description),
  institution: small(study.institution),
});

function criteriaInSmall(criteria: Criteria, { modalities }: KnownStudy): Criteria {
  const { labels, accession, description, institution } = criteria;
  // Patterns were read so that they mind no capitals.
  const test = (one: TextTest | undefined) =>
    one !== undefined && 'literal' in one ? { literal: small(one.literal) } : one;
  return {
    ...criteria,
    labels: labels?.map(small),
    modalities: modalities.length === 0 ? undefined : criteria.modalities,
    accession: test(accession),
    description: test(description),
    institution: test(institution),
  };
}

function meets(test: TextTest | undefined, value: string): boolean {
  if (test === undefined) return true;
  return 'literal' in test ? test.literal === value : test.pattern.test(value);
}
