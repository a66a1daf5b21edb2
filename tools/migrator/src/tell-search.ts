import { asFailure } from '@orthanc-tools/failures';
import type { Logger } from '@orthanc-tools/telemetry';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { nameOfSearch } from './work-keys.ts';

/** Does the work of a search, and tells by its days, or by its place in the list, where it is set aside. */
export async function tellingSearch(
  claim: Claim,
  hand: Hand,
  { log, search }: { readonly log: Pick<Logger, 'warn'>; readonly search: (hand: Hand) => Promise<void> },
): Promise<void> {
  const { key, mark, attempt } = claim;
  const tell = (code: string | undefined) =>
    log.warn('search.set_aside', { search: nameOfSearch(key, mark), code, attempt });
  const telling: Hand = {
    ...hand,
    reschedule: (of, failure, soFar) => {
      const became = hand.reschedule(of, failure, soFar);
      if (became === 'set aside') tell(failure.code);
      return became;
    },
    settle: (of, settlement) => {
      hand.settle(of, settlement);
      const [exception] = settlement.exceptions ?? [];
      if (exception !== undefined) tell(exception.code);
    },
  };
  try {
    await search(telling);
  } catch (error) {
    const failure = asFailure(error);
    // What the loop answers for by itself.
    if (failure === undefined || hand.signal.aborted) throw error;
    telling.reschedule(claim, failure);
  }
}
