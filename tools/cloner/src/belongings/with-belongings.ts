import type { Failure } from '@orthanc-tools/failures';
import type { Bringing, Brought } from '../bringing.ts';
import type { StudyOutcome } from '../study-outcome.ts';
import { listBelongings } from './belonging.ts';
import type { BelongingsWork } from './belongings-work.ts';
import { type BelongingStudy, type BelongingsOutcome, bringBelongings } from './bring-belongings.ts';

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
  const complete = judged.filter(isComplete);
  if (route === undefined || complete.length === 0) return judged;
  const { true: foreign = [], false: ours = [] } = Object.groupBy(complete, ({ outcome }) =>
    holdsOthers(outcome) ? 'true' : 'false',
  );
  try {
    const brought = new Map([
      ...(await bringBelongings(
        ours.flatMap(({ study: { belongs }, outcome }) =>
          belongs === undefined ? [] : [{ ...belongs, isProved: Object.keys(outcome.proved).length > 0 }],
        ),
        { ...route, signal },
      )),
      ...foreign.flatMap(({ study: { claim, belongs } }) =>
        belongs === undefined ? [] : [[claim.key, heldBack(belongs, route.work)] as const],
      ),
    ]);
    return judged.map(({ study, outcome }) => {
      const own = brought.get(study.claim.key);
      return { study, outcome: own === undefined ? outcome : joined(outcome, own) };
    });
  } catch (error) {
    const unfinished = await blame(error);
    return judged.map((one) => (isComplete(one) ? { ...one, outcome: { ...one.outcome, unfinished } } : one));
  }
}

/** Under the study's identifiers the destination holds what somebody else has brought there. */
const holdsOthers = ({ exceptions }: StudyOutcome): boolean =>
  exceptions.some(({ code }) => code === 'CONTENT_CONFLICT');

/** Nothing is added to images that may be of another patient. */
const heldBack = ({ told }: BelongingStudy, work: BelongingsWork): BelongingsOutcome => ({
  brought: 0,
  removed: 0,
  proved: 0,
  exceptions: [...listBelongings(told, work).keys()].map((part) => ({
    part,
    code: 'BELONGING_HELD_BACK',
    message: 'The destination holds other content under the same identifiers: nothing is added to it.',
  })),
  pending: [],
  unfinished: undefined,
});

const joined = (outcome: StudyOutcome, own: BelongingsOutcome): StudyOutcome => ({
  ...outcome,
  exceptions: [...outcome.exceptions, ...own.exceptions],
  pending: [...outcome.pending, ...own.pending],
  unfinished: own.unfinished,
  belongings: own,
});
