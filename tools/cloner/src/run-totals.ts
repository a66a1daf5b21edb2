import type { StudyOutcome } from './copy-study.ts';

/** What one run did; counts of studies and instances, sizes in bytes. */
export interface RunTotals {
  studies: number;
  copiedInstances: number;
  copiedBytes: number;
  alreadyThereInstances: number;
  provedInstances: number;
  provedBytes: number;
  vanishedStudies: number;
  setAsideInstances: number;
  /** Instances that earlier visits of this run brought, by study, while the study is unfinished. */
  readonly broughtBefore: Map<string, number>;
}

export const noTotals = (): RunTotals => ({
  studies: 0,
  copiedInstances: 0,
  copiedBytes: 0,
  alreadyThereInstances: 0,
  provedInstances: 0,
  provedBytes: 0,
  vanishedStudies: 0,
  setAsideInstances: 0,
  broughtBefore: new Map(),
});

export const provedIn = (outcome: Pick<StudyOutcome, 'proved'>): number =>
  Object.values(outcome.proved).reduce((sum, count) => sum + count, 0);

/** Adds what one visit brought. A study that must be visited again counts only for what it copied so far. */
export function addVisit(totals: RunTotals, study: string, outcome: StudyOutcome): void {
  totals.copiedInstances += outcome.copied;
  totals.copiedBytes += outcome.copiedBytes;
  const brought = (totals.broughtBefore.get(study) ?? 0) + outcome.copied;
  if (outcome.unfinished !== undefined) {
    totals.broughtBefore.set(study, brought);
    return;
  }
  totals.broughtBefore.delete(study);
  const proved = provedIn(outcome);
  totals.studies += 1;
  totals.provedInstances += proved;
  totals.provedBytes += outcome.provedBytes;
  totals.alreadyThereInstances += Math.max(0, proved - brought);
  totals.setAsideInstances += outcome.exceptions.length;
  if (outcome.isVanished) totals.vanishedStudies += 1;
}
