import type { CleanerOptions } from '../options.ts';
import type { Criteria, KeepRule, Policy, RetentionRule } from '../rules/retention-rule.ts';

/** From where a run has what it decides by. */
export interface RunSources {
  /** Address of the Orthanc. */
  readonly orthancUrl: string;
  readonly databaseIdentifier: string | undefined;
  /** Of the rules file, as it was read. */
  readonly rulesSha256: string;
}

type Deciding = Pick<
  CleanerOptions,
  'labelsFilePath' | 'maxStudies' | 'maxPercent' | 'quarantineDays' | 'quarantineLabel' | 'onlyIfAt'
>;

/**
 * By what a run decides, as the audit trail names it. What may be of patients is only said to be compared: which text it is,
 * the file with this hash tells. Pure.
 */
export function basisOf(
  { rules, keep }: Policy,
  options: Deciding,
  { orthancUrl, databaseIdentifier, rulesSha256 }: RunSources,
): Readonly<Record<string, unknown>> {
  const { maxStudies, maxPercent, quarantineDays, quarantineLabel, onlyIfAt } = options;
  return {
    orthanc: { url: orthancUrl, databaseServerIdentifier: databaseIdentifier },
    rulesFile: { path: options.labelsFilePath, sha256: rulesSha256 },
    rules: rules.map(toldRule),
    keep: keep.map(toldKeep),
    options: { maxStudies, maxPercent, quarantineDays, quarantineLabel, onlyIfAt: withoutUser(onlyIfAt) },
  };
}

function toldRule(rule: RetentionRule): Readonly<Record<string, unknown>> {
  const { name, criteria, age, basis, minimumToKeep, priority } = rule;
  return {
    name,
    ...toldCriteria(criteria),
    olderThan: `${String(age.count)} ${age.unit}`,
    by: basis,
    minimumToKeep,
    priority,
    includeProtected: rule.includesProtected,
    onlyWhenDiskIsFull: rule.isForFullDisk,
  };
}

function toldKeep({ name, criteria, patientIds, studyUids, isForProtected, until }: KeepRule) {
  const { compares, ...told } = toldCriteria(criteria);
  const more = Object.entries({ patientIds, studyUids }).flatMap(([key, value]) => (value ? [key] : []));
  return { name, ...told, compares: [...compares, ...more], protectedPatients: isForProtected, until };
}

function toldCriteria({ labels, isWithoutLabels, modalities, ...texts }: Criteria) {
  const compares = Object.entries(texts).flatMap(([key, test]) => (test === undefined ? [] : [key]));
  return { labels, withoutLabels: isWithoutLabels, modalities, compares };
}

function withoutUser(place: string | undefined): string | undefined {
  return place?.replace(/^(https?:\/\/)[^/]*@/i, '$1');
}
