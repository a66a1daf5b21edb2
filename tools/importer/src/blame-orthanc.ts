import { type Failure, asFailure } from '@orthanc-tools/failures';
import { type Orthanc, type Outages, isInDoubt, whoseFault } from '@orthanc-tools/orthanc-client';
import type { Outcome, Refused } from './outcome.ts';

export interface SuspectedOrthanc {
  readonly orthanc: Orthanc;
  readonly outages: Outages;
}

/**
 * Stores. An Orthanc that answers nothing else either is away: then no content loses an attempt. It is asked once for all.
 * @throws what the work throws, of scope `run` where it was Orthanc that was away
 */
export async function blamingOrthanc(
  { orthanc, outages }: SuspectedOrthanc,
  store: () => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  const since = performance.now();
  const judge = (failure: Failure) => whoseFault(failure, { servers: [orthanc], outages }, since);
  let outcomes: readonly Outcome[];
  try {
    outcomes = await store();
  } catch (error) {
    const failure = asFailure(error);
    throw failure === undefined ? error : await judge(failure);
  }
  const first = outcomes.find(isDoubtful);
  const judged = first && (await judge(first.failure));
  if (judged?.scope !== 'run') return outcomes;
  return outcomes.map((outcome) => (isDoubtful(outcome) ? { ...outcome, failure: judged } : outcome));
}

const isDoubtful = (outcome: Outcome): outcome is Refused =>
  outcome.status === 'refused' && isInDoubt(outcome.failure);
