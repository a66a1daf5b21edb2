import { transientFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';

/** Orthanc does not say when a study will be stable. */
const againInMs = 2000;

/**
 * Answers for the studies that are still arriving: they wait in the ledger, at the cost of no attempt.
 * @returns the others, and those that the source no longer knows
 */
export async function stableAmong(
  claims: readonly Claim[],
  source: Orthanc,
  hand: Hand,
): Promise<readonly Claim[]> {
  const facts = await source.resources.facts(
    'Study',
    claims.map(({ key }) => key),
    hand.signal,
  );
  const arriving = new Set(facts.filter(({ isStable }) => isStable === false).map(({ id }) => id));
  const waiting = transientFailure('STILL_ARRIVING', 'Something may still be arriving.', {
    retryAfterMs: againInMs,
  });
  for (const claim of claims)
    if (arriving.has(claim.key)) hand.reschedule(claim, waiting, { hasProgressed: true });
  return claims.filter(({ key }) => !arriving.has(key));
}
