import { dayIn } from '../rules/wall-clock.ts';
import type { DueStudy } from './plan-cleaning.ts';

/** A due study and what of it is there. */
export interface WeighedStudy extends DueStudy {
  readonly instances: number;
  /** Of its files, before compression at rest. */
  readonly bytes: number;
  /** Orthanc's identifiers of what it held then, where it is kept in mind. */
  readonly instanceIds?: readonly string[] | undefined;
}

/** As far as it was weighed. */
export type TalliedStudy = DueStudy & Partial<WeighedStudy>;

/** What one rule would delete. */
export interface RuleTally {
  readonly rule: string;
  readonly studies: number;
  /** Undefined where it was too much anyway, and was not weighed. */
  readonly instances: number | undefined;
  readonly bytes: number | undefined;
  /** Study dates, `YYYYMMDD`, of those that are days: what else stands there may be anything. Empty where there is none. */
  readonly oldest: string;
  readonly newest: string;
}

/** Per rule, in the order of the plan. Pure. */
export function tallyByRule(due: readonly TalliedStudy[]): RuleTally[] {
  const byRule = Map.groupBy(due, ({ rule }) => rule.name);
  return [...byRule].map(([rule, studies]) => {
    const dates = studies
      .map(({ studyDate }) => dayIn(studyDate))
      .filter((date) => date !== undefined)
      .sort();
    return {
      rule,
      studies: studies.length,
      instances: sumOf(studies.map(({ instances }) => instances)),
      bytes: sumOf(studies.map(({ bytes }) => bytes)),
      oldest: dates[0] ?? '',
      newest: dates.at(-1) ?? '',
    };
  });
}

const sumOf = (numbers: readonly (number | undefined)[]): number | undefined =>
  numbers.reduce<number | undefined>(
    (sum, one) => (sum === undefined || one === undefined ? undefined : sum + one),
    0,
  );

/**
 * Of studies whose rule is for a full disk only, no more than it takes to free so many bytes, with all others first:
 * those are deleted anyway. Keeps the order. Pure.
 */
export function trimToDisk(due: readonly WeighedStudy[], bytesToFree: number): readonly WeighedStudy[] {
  let left = bytesToFree;
  for (const { rule, bytes } of due) if (!rule.isForFullDisk) left -= bytes;
  return due.filter(({ rule, bytes }) => {
    if (!rule.isForFullDisk) return true;
    const isNeeded = left > 0;
    left -= isNeeded ? bytes : 0;
    return isNeeded;
  });
}
