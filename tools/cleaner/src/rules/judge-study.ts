import type { KnownStudy } from './known-study.ts';
import { holderOf, matchesStudy } from './matches-study.ts';
import type { Moment, Policy, RetentionRule } from './retention-rule.ts';
import {
  type AgeLimit,
  ageLimit,
  dayAt,
  isMomentOver,
  isStudyOver,
  wallClockAt,
  wallClockOfStudy,
} from './wall-clock.ts';

export type Judgement =
  /** `rule` is the first of the rules by which it may be deleted, in the order of their priority. */
  | { readonly is: 'due'; readonly rule: RetentionRule }
  /** Due by a rule, and kept by another: `by` names it. */
  | { readonly is: 'held back'; readonly by: string }
  | { readonly is: 'not due' };

/** The word for what keeps the studies of protected patients, beside the names of keep rules. */
const byProtection = 'protected patient';

export interface Judge {
  /** May this study be deleted now? Pure. */
  judge(study: KnownStudy): Judgement;
  /** The rules that speak of it, and would find it due had it not been changed, or arrived, too lately. */
  rulesTooSoon(study: KnownStudy): readonly RetentionRule[];
  /** Whether the answer may depend on when the study arrived, which is not known yet. */
  needsArrival(study: KnownStudy): boolean;
  /** Whether any answer may depend on modalities: of rules, and of those that keep. */
  readonly needsModalities: boolean;
  /** The rules in the order in which they are asked; then those that only keep their minimum. */
  readonly rules: readonly RetentionRule[];
}

interface Dated {
  readonly rule: RetentionRule;
  readonly limit: AgeLimit;
}

/** The policy as it is at one moment. */
export function judgeBy({ rules, resting = [], keep }: Policy, moment: Moment): Judge {
  const ordered = rules.toSorted((one, other) => other.priority - one.priority);
  const dated = ordered.map((rule): Dated => ({ rule, limit: ageLimit(rule.age, moment) }));
  const asked = [...ordered, ...resting.filter(({ minimumToKeep }) => minimumToKeep > 0)];
  const holders = keep.map(holderOf);
  const today = dayAt(moment.now.getTime(), moment.timeZone);
  return {
    rules: asked,
    needsModalities: [...asked, ...keep].some(({ criteria }) => criteria.modalities !== undefined),
    judge(study) {
      const due = dated.filter((one) => isDueBy(one, study));
      if (due.length === 0) return { is: 'not due' };
      const holder = holders.find((one) => one.holdsBack(study, today));
      if (holder !== undefined) return { is: 'held back', by: holder.name };
      const allowing = due.find(({ rule }) => !study.isProtected || rule.includesProtected);
      return allowing === undefined
        ? { is: 'held back', by: byProtection }
        : { is: 'due', rule: allowing.rule };
    },
    rulesTooSoon: (study) => dated.filter((one) => isTooSoon(one, study)).map(({ rule }) => rule),
    needsArrival: (study) =>
      study.arrival === undefined &&
      dated.some(
        ({ rule, limit }) =>
          rule.basis === 'arrival' &&
          !isMomentOver(study.lastUpdate, limit) &&
          matchesStudy(rule.criteria, study),
      ),
  };
}

function isDueBy({ rule, limit }: Dated, study: KnownStudy): boolean {
  return isOver(rule, study, limit) && matchesStudy(rule.criteria, study);
}

/** As if it had been changed long ago, it would be due. */
function isTooSoon({ rule, limit }: Dated, study: KnownStudy): boolean {
  const { lastUpdate } = study;
  if (rule.basis === 'study-date' || lastUpdate === undefined || isOver(rule, study, limit)) return false;
  return isDueBy({ rule, limit }, { ...study, lastUpdate: 0, arrival: undefined });
}

function isOver({ basis }: RetentionRule, study: KnownStudy, limit: AgeLimit): boolean {
  const { studyDate, studyTime, lastUpdate, arrival } = study;
  switch (basis) {
    case 'study-date':
      return isStudyOver(studyDate, studyTime, limit);
    case 'last-update':
      return isMomentOver(lastUpdate, limit);
    case 'arrival':
      // Nothing arrives without an update: while the arrival is not known, the update stands for it.
      return isMomentOver(arrival ?? lastUpdate, limit);
    case 'both':
      return isStudyOver(studyDate, studyTime, limit) && isMomentOver(lastUpdate, limit);
  }
}

/**
 * How new a study is in the eyes of a rule, as a text that sorts: by what the rule goes by, the later of both where it goes
 * by two. Undefined for what it can never find due. Pure.
 */
export function newnessOf({ basis }: RetentionRule, study: KnownStudy, timeZone: string): string | undefined {
  const { studyDate, studyTime, lastUpdate } = study;
  const date = wallClockOfStudy(studyDate, studyTime);
  const moment = basis === 'arrival' ? (study.arrival ?? lastUpdate) : lastUpdate;
  const update = moment === undefined ? undefined : wallClockAt(moment, timeZone);
  if (basis === 'study-date') return date;
  if (basis === 'both') return date === undefined || update === undefined ? undefined : laterOf(date, update);
  return update;
}

const laterOf = (one: string, other: string): string => (one > other ? one : other);
