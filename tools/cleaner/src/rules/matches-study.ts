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

/** Whether the keep rule holds the study back on this day (`YYYYMMDD`); one of which no modality is known may be of any. Pure. */
export function holdsBack(rule: KeepRule, study: KnownStudy, today: string): boolean {
  const { criteria, patientIds, studyUids, isForProtected = false, until } = rule;
  return (
    (until === undefined || today <= until) &&
    (patientIds === undefined || patientIds.has(study.patientId)) &&
    (studyUids === undefined || studyUids.has(study.uid)) &&
    (!isForProtected || study.isProtected) &&
    matchesStudy(study.modalities.length === 0 ? { ...criteria, modalities: undefined } : criteria, study)
  );
}

function meets(test: TextTest | undefined, value: string): boolean {
  if (test === undefined) return true;
  return 'literal' in test ? test.literal === value : test.pattern.test(value);
}
