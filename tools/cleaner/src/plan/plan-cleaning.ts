import { type Judge, newnessOf } from '../rules/judge-study.ts';
import type { KnownStudy } from '../rules/known-study.ts';
import { matchesStudy } from '../rules/matches-study.ts';
import type { RetentionRule } from '../rules/retention-rule.ts';
import { type NewestStudies, newestStudies } from './newest-studies.ts';

/** A study that may be deleted, as it was when that was found. Holds no patient data but the study's date. */
export interface DueStudy {
  /** Orthanc's identifier. */
  readonly id: string;
  /** Study Instance UID (0020,000D); may be empty. */
  readonly uid: string;
  /** Orthanc's identifier of the patient. */
  readonly patient: string;
  readonly isInQuarantine: boolean;
  /** Without the one of the quarantine. */
  readonly labels: readonly string[];
  /** The first rule by which it is due. */
  readonly rule: RetentionRule;
  readonly modalities: readonly string[];
  readonly studyDate: string;
  /** By which it is due. */
  readonly lastUpdate: number | undefined;
  /** What Orthanc said then: when it says something else, the study was changed since. */
  readonly updateSeen: number | undefined;
  readonly arrival: number | undefined;
  /** Sorts by age, the oldest first. */
  readonly newness: string;
}

export interface Plan {
  /** In the order of their deletion: by the priority of their rules, then the oldest first, then by their last update. */
  readonly due: readonly DueStudy[];
  /** Studies that a rule would delete and another keeps, by the name of what keeps them. */
  readonly heldBack: ReadonlyMap<string, number>;
  /** Studies that are old enough by their date, and were changed or arrived too lately; by the name of the rule that speaks of them. */
  readonly changedLately: ReadonlyMap<string, number>;
}

export interface Planner {
  /** Takes note of a study. One that is told again is due as it was told last; what is held back is counted each time. */
  take(study: KnownStudy): void;
  finish(): Plan;
}

/** Decides what may be deleted of the studies that it is told, one after the other. Pure but for its memory of what is due. */
export function planCleaning(judge: Judge, timeZone: string): Planner {
  const due = new Map<string, DueStudy>();
  const held = new Map<string, number>();
  const lately = new Map<string, number>();
  const hold = (by: string) => held.set(by, (held.get(by) ?? 0) + 1);
  const minima = judge.rules
    .filter(({ minimumToKeep }) => minimumToKeep > 0)
    .map((rule): [RetentionRule, NewestStudies] => [rule, newestStudies(rule.minimumToKeep)]);
  return {
    take(study) {
      for (const [rule, newest] of minima) {
        const newness = matchesStudy(rule.criteria, study) ? newnessOf(rule, study, timeZone) : undefined;
        if (newness !== undefined) newest.take(study.id, newness);
      }
      for (const { name } of judge.rulesTooSoon(study)) lately.set(name, (lately.get(name) ?? 0) + 1);
      due.delete(study.id);
      const judgement = judge.judge(study);
      if (judgement.is === 'held back') hold(judgement.by);
      if (judgement.is === 'due') due.set(study.id, dueStudy(study, judgement.rule, timeZone));
    },
    finish() {
      for (const [rule, newest] of minima)
        for (const id of newest.ids()) if (due.delete(id)) hold(`minimum to keep of ${rule.name}`);
      return { due: [...due.values()].sort(inOrder), heldBack: held, changedLately: lately };
    },
  };
}

/**
 * Without what was changed within the second in which the plan was begun, by Orthanc's clock, or later: Orthanc tells whole
 * seconds, so that another change within the same one would not show. Pure.
 */
export function withoutFresh({ due, heldBack, changedLately }: Plan, startedAt: number): Plan {
  const settled = due.filter(({ updateSeen }) => updateSeen === undefined || updateSeen < startedAt);
  const fresh = due.length - settled.length;
  return {
    due: settled,
    changedLately,
    heldBack: fresh === 0 ? heldBack : new Map([...heldBack, ['changed just now', fresh]]),
  };
}

function dueStudy(study: KnownStudy, rule: RetentionRule, timeZone: string): DueStudy {
  const {
    id,
    uid,
    patient,
    labels,
    modalities,
    isInQuarantine = false,
    studyDate,
    lastUpdate,
    arrival,
  } = study;
  const updateSeen = study.updateAfterOurs ?? lastUpdate;
  const newness = newnessOf(rule, study, timeZone) ?? '';
  return {
    id,
    uid,
    patient,
    rule,
    isInQuarantine,
    labels,
    modalities,
    studyDate,
    lastUpdate,
    updateSeen,
    arrival,
    newness,
  };
}

/** Studies of one age in the order of their last update: that is about how Orthanc stored them, and costs it the least to delete. */
const inOrder = (one: DueStudy, other: DueStudy): number =>
  other.rule.priority - one.rule.priority ||
  compare(one.newness, other.newness) ||
  (one.lastUpdate ?? 0) - (other.lastUpdate ?? 0);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
