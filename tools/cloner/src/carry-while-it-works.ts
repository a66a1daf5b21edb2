import { asFailure } from '@orthanc-tools/failures';
import { isFull } from '@orthanc-tools/orthanc-client';
import type { Logger } from '@orthanc-tools/telemetry';
import type { Carrier, Errand } from './carrier.ts';
import type { Lanes } from './lanes.ts';
import { lookAgain } from './look-at-studies.ts';
import { missingIn } from './study-view.ts';

interface Ways {
  /** What nobody has ordered. */
  readonly chosen: Carrier;
  readonly fallback: Carrier;
  readonly log: Logger;
}

/**
 * Carries by a way that nobody has ordered, as long as that works: what it said it has brought first must be at the
 * destination, and who cannot reach the destination by it is not at the end of his ways. What is alone always goes by
 * the other, whose answers are exact.
 */
export function carryWhileItWorks({ chosen, fallback, log }: Ways): Carrier {
  let [isLeft, isProved] = [false, false];
  const leave = (reason: string) => {
    if (!isLeft) log.warn('mode.left', { mode: 'Peering', for: 'Default', reason });
    isLeft = true;
  };
  return {
    catchUp: chosen.catchUp,
    carryOne: fallback.carryOne,
    async carry(errands, how) {
      if (isLeft || errands.every(({ view }) => view.missing.length === 0))
        return fallback.carry(errands, how);
      try {
        const failures = await chosen.carry(errands, how);
        if (isProved || failures.size > 0) return failures;
        const left = await refreshed(errands, how.lanes);
        isProved = left.some(({ view }, at) => view.missing.length < (errands[at]?.view.missing.length ?? 0));
        if (isProved || errands.every(({ claim }) => claim.attempt > 1)) return failures;
        leave('nothing of what was sent has arrived');
        return await fallback.carry(left, how);
      } catch (error) {
        const failure = asFailure(error);
        // Full it is by any way.
        if (failure?.code.startsWith('DESTINATION_') !== true || isFull(failure)) throw error;
        leave(failure.code);
        return fallback.carry(await refreshed(errands, how.lanes), how);
      }
    },
  };
}

/** What is still missing of each. */
async function refreshed(errands: readonly Errand[], lanes: Lanes): Promise<Errand[]> {
  const [first] = errands;
  if (first === undefined) return [];
  const views = errands.map(({ view }) => view);
  const after = await lookAgain(views, lanes, first.crossing.signal);
  return errands.map((errand) => {
    const { view } = errand;
    const there = after.get(view.studyId) ?? view.there;
    return { ...errand, view: { ...view, missing: missingIn({ here: view.here, there }) } };
  });
}
