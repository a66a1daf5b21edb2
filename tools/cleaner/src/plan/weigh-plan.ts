import type { DueStudy } from './plan-cleaning.ts';

/** A due study and what of it is there. */
export interface WeighedStudy extends DueStudy {
  readonly instances: number;
  /** Of its files, before compression at rest. */
  readonly bytes: number;
}

/** What one rule would delete. */
export interface RuleTally {
  readonly rule: string;
  readonly studies: number;
  readonly instances: number;
  readonly bytes: number;
  /** Study dates, `YYYYMMDD`; empty where no study has one. */
  readonly oldest: string;
  readonly newest: string;
}

/** Per rule, in the order of the plan. Pure. */
export function tallyByRule(due: readonly WeighedStudy[]): RuleTally[] {
  const byRule = Map.groupBy(due, ({ rule }) => rule.name);
  return [...byRule].map(([rule, studies]) => {
    const dates = studies
      .map(({ studyDate }) => studyDate)
      .filter((date) => date !== '')
      .sort();
    const sum = (of: (study: WeighedStudy) => number) => studies.reduce((total, one) => total + of(one), 0);
    return {
      rule,
      studies: studies.length,
      instances: sum(({ instances }) => instances),
      bytes: sum(({ bytes }) => bytes),
      oldest: dates[0] ?? '',
      newest: dates.at(-1) ?? '',
    };
  });
}

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
