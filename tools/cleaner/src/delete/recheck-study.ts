import type { Judge } from '../rules/judge-study.ts';
import type { KnownStudy } from '../rules/known-study.ts';
import { matchesStudy } from '../rules/matches-study.ts';
import type { RetentionRule } from '../rules/retention-rule.ts';
import type { WeighedStudy } from '../plan/weigh-plan.ts';

/** What became of a study right before its deletion. */
export type Recheck =
  | { readonly is: 'deletable'; readonly rule: string }
  | {
      readonly is: 'left';
      readonly why:
        | 'changed'
        | 'grown'
        | 'held back'
        | 'not due'
        | 'by another rule'
        | 'out of quarantine'
        | 'in quarantine';
    }
  /** Somebody else has deleted it. */
  | { readonly is: 'vanished' };

/** A study as it is now. */
export interface SeenStudy {
  /** By what Orthanc says now. */
  readonly known: KnownStudy;
  /** What it holds. */
  readonly instances: readonly string[];
  readonly isFoundByUid: boolean;
}

interface RecheckQuestion {
  readonly planned: WeighedStudy;
  /** Undefined where Orthanc does not know it any more. */
  readonly seen: Pick<SeenStudy, 'known' | 'instances'> | undefined;
  /** All that it held when a deletion of it was begun that was not finished. */
  readonly begun?: readonly string[] | undefined;
  readonly judge: Judge;
  readonly needsQuarantine: boolean;
}

/** Whether what was planned may still be done: the study is as it was, and the rules say the same of it. Pure. */
export function recheckStudy({ planned, seen, begun, judge, needsQuarantine }: RecheckQuestion): Recheck {
  if (seen === undefined || seen.instances.length === 0) return { is: 'vanished' };
  const { known, instances } = seen;
  if (known.lastUpdate !== planned.updateSeen) return { is: 'left', why: 'changed' };
  if (instances.length > planned.instances) return { is: 'left', why: 'grown' };
  if (begun !== undefined && !instances.every((id) => begun.includes(id)))
    return { is: 'left', why: 'grown' };
  const { isInQuarantine = false } = known;
  if (isInQuarantine !== needsQuarantine)
    return { is: 'left', why: isInQuarantine ? 'in quarantine' : 'out of quarantine' };
  const { lastUpdate, arrival, modalities } = planned;
  const now = { ...known, lastUpdate, arrival, modalities };
  const judgement = judge.judge(now);
  if (judgement.is !== 'due') return { is: 'left', why: judgement.is };
  const needsPlan = dependsOnOthers(judgement.rule, planned) || isSpokenOfAnew(now, planned, judge);
  return needsPlan ? { is: 'left', why: 'by another rule' } : { is: 'deletable', rule: judgement.rule.name };
}

/** Whether it would go by another rule than planned, one that lets a study go only as far as there are others. */
const dependsOnOthers = (
  { name, minimumToKeep, isForFullDisk }: RetentionRule,
  { rule }: Pick<WeighedStudy, 'rule'>,
): boolean => name !== rule.name && (minimumToKeep > 0 || isForFullDisk);

/** Whether a rule that keeps some of what it speaks of did not speak of it when that was planned: it may be among those by now. */
const isSpokenOfAnew = (
  now: KnownStudy,
  { labels }: Pick<WeighedStudy, 'labels'>,
  { rules }: Pick<Judge, 'rules'>,
): boolean =>
  rules.some(
    ({ minimumToKeep, criteria }) =>
      minimumToKeep > 0 && matchesStudy(criteria, now) && !matchesStudy(criteria, { ...now, labels }),
  );
