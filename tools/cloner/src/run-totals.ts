import type { Gap } from './feed-changes.ts';
import { type StudyOutcome, provedIn } from './study-outcome.ts';

/** What one run did; counts of studies and instances, sizes in bytes. */
export interface RunTotals {
  studies: number;
  copiedInstances: number;
  copiedBytes: number;
  alreadyThereInstances: number;
  provedInstances: number;
  provedBytes: number;
  /** Sent, and not to be proved. */
  acceptedInstances: number;
  vanishedStudies: number;
  /** Labels, metadata, attachments and protections, one by one. */
  broughtBelongings: number;
  removedBelongings: number;
  provedBelongings: number;
  /** Places in the change log where entries may be missing. */
  readonly gaps: Gap[];
  /** How long all hands together were at work, in ms. */
  handMs: number;
  /** How long at least one of them was, in ms. */
  busyMs: number;
  /** How many are now, and since when at least one is. */
  handsAtWork: number;
  busySince: number;
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
  acceptedInstances: 0,
  vanishedStudies: 0,
  broughtBelongings: 0,
  removedBelongings: 0,
  provedBelongings: 0,
  gaps: [],
  handMs: 0,
  busyMs: 0,
  handsAtWork: 0,
  busySince: 0,
  broughtBefore: new Map(),
});

/** A hand begins to work; the function that it gives back ends that. `now` in ms. */
export function beginWork(totals: RunTotals, now: () => number): () => void {
  const started = now();
  if (totals.handsAtWork === 0) totals.busySince = started;
  totals.handsAtWork += 1;
  return () => {
    const ended = now();
    totals.handMs += ended - started;
    totals.handsAtWork -= 1;
    if (totals.handsAtWork === 0) totals.busyMs += ended - totals.busySince;
  };
}

/** Adds what one visit brought. A study that will be visited again counts only for what it copied so far. */
export function addVisit(
  totals: RunTotals,
  study: string,
  outcome: StudyOutcome,
  isFinal = outcome.unfinished === undefined,
): void {
  totals.copiedInstances += outcome.copied;
  totals.copiedBytes += outcome.copiedBytes;
  totals.broughtBelongings += outcome.belongings?.brought ?? 0;
  totals.removedBelongings += outcome.belongings?.removed ?? 0;
  const brought = (totals.broughtBefore.get(study) ?? 0) + outcome.copied;
  if (!isFinal) {
    totals.broughtBefore.set(study, brought);
    return;
  }
  totals.broughtBefore.delete(study);
  const proved = provedIn(outcome);
  totals.studies += 1;
  totals.provedInstances += proved;
  totals.provedBytes += outcome.provedBytes;
  totals.acceptedInstances += outcome.accepted;
  totals.alreadyThereInstances += Math.max(0, proved + outcome.accepted - brought);
  totals.provedBelongings += outcome.belongings?.proved ?? 0;
  if (outcome.isVanished) totals.vanishedStudies += 1;
}
