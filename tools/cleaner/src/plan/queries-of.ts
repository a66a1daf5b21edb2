import type { StudyQuery } from '@orthanc-tools/orthanc-client';
import type { Judge } from '../rules/judge-study.ts';
import type { KnownStudy } from '../rules/known-study.ts';
import type { Moment, RetentionRule } from '../rules/retention-rule.ts';
import { ageLimit } from '../rules/wall-clock.ts';

type Narrowed = Pick<StudyQuery, 'labels' | 'untilStudyDate'>;

/**
 * What to ask Orthanc for, so that it tells every study that a rule may find due, and all of which a rule keeps some;
 * with all that the rules, and those that keep, go by.
 * Whether a study is one of these is decided here and not there: Orthanc takes "*" and "?" for other characters. Pure.
 */
export function queriesOf(
  { rules, needsModalities: withModalities }: Pick<Judge, 'rules' | 'needsModalities'>,
  moment: Moment,
): StudyQuery[] {
  const wanted = rules.map((rule) => narrowed(rule, moment));
  const all = Map.groupBy(wanted, ({ labels }) => JSON.stringify(labels?.toSorted() ?? null));
  const merged = [...all.values()].map((alike): Narrowed => ({
    labels: alike[0]?.labels,
    untilStudyDate: latestOf(alike),
  }));
  const everything = merged.find(({ labels, untilStudyDate }) => !labels && untilStudyDate === undefined);
  return (everything === undefined ? merged : [everything]).map((query) => ({ ...query, withModalities }));
}

/** Whether a query tells of the study, as far as is certain; never said wrongly. Pure. */
export function tellsOf({ labels, untilStudyDate }: Narrowed, study: KnownStudy): boolean {
  return (
    (labels === undefined || labels.some((label) => study.labels.includes(label))) &&
    (untilStudyDate === undefined || (/^\d{8}$/.test(study.studyDate) && study.studyDate <= untilStudyDate))
  );
}

function narrowed({ criteria, basis, age, minimumToKeep }: RetentionRule, moment: Moment): Narrowed {
  const isByDate = basis === 'both' || basis === 'study-date';
  const isForDue = minimumToKeep === 0;
  return {
    labels: criteria.labels,
    untilStudyDate: isByDate && isForDue ? ageLimit(age, moment).limit.slice(0, 8) : undefined,
  };
}

/** Undefined where one of them is not narrowed by a date. */
function latestOf(queries: readonly Narrowed[]): string | undefined {
  const dates = queries.map(({ untilStudyDate }) => untilStudyDate);
  return dates.includes(undefined) ? undefined : dates.toSorted().at(-1);
}
