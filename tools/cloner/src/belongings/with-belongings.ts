import type { Failure } from '@orthanc-tools/failures';
import type { Bringing, Brought } from '../bringing.ts';
import type { StudyOutcome } from '../study-outcome.ts';
import { type BelongingsOutcome, bringBelongings } from './bring-belongings.ts';

/** A study and what became of its images. */
export interface JudgedStudy {
  readonly study: Brought;
  readonly outcome: StudyOutcome;
}

interface Circumstances {
  readonly signal: AbortSignal;
  /** The failure to be held against the studies. @throws what is of scope `run` */
  blame(error: unknown): Promise<Failure>;
}

/** The same after what belongs to the studies was brought too, to those whose images are there so far as they can be. */
export async function withBelongings(
  judged: readonly JudgedStudy[],
  { belongings: route }: Pick<Bringing, 'belongings'>,
  { signal, blame }: Circumstances,
): Promise<readonly JudgedStudy[]> {
  const isComplete = ({ outcome }: JudgedStudy) => outcome.unfinished === undefined && !outcome.isVanished;
  const complete = judged.filter(isComplete).flatMap(({ study: { belongs } }) => belongs ?? []);
  if (route === undefined || complete.length === 0) return judged;
  try {
    const brought = await bringBelongings(complete, { ...route, signal });
    return judged.map(({ study, outcome }) => {
      const own = brought.get(study.claim.key);
      return { study, outcome: own === undefined ? outcome : joined(outcome, own) };
    });
  } catch (error) {
    const unfinished = await blame(error);
    return judged.map((one) => (isComplete(one) ? { ...one, outcome: { ...one.outcome, unfinished } } : one));
  }
}

const joined = (outcome: StudyOutcome, own: BelongingsOutcome): StudyOutcome => ({
  ...outcome,
  exceptions: [...outcome.exceptions, ...own.exceptions],
  pending: [...outcome.pending, ...own.pending],
  unfinished: own.unfinished,
  belongings: own,
});
