import { transientFailure } from '@orthanc-tools/failures';
import type { Logger } from '@orthanc-tools/telemetry';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { askAgainMs, waitFor } from './answer-for-deletion.ts';
import type { Decision } from './feed-arrivals.ts';

interface Awaiting {
  /** How the log calls it. */
  readonly event: 'sending.undecided' | 'deletion.undecided';
  readonly log: Logger;
  decisionOn(key: string): Decision;
}

/** Answers for those of which it is not decided who is to have them. @returns the others */
export function decidedAmong(
  claims: readonly Claim[],
  hand: Hand,
  { event, log, decisionOn }: Awaiting,
): readonly Claim[] {
  const {
    pending = [],
    decided = [],
    'set aside': given = [],
  } = Object.groupBy(claims, ({ key }) => decisionOn(key));
  if (pending.length > 0) log.debug(event, { units: pending.length });
  for (const claim of pending) waitFor({ failure: notDecided, askAgainInMs: askAgainMs }, claim, hand);
  // Once it is decided after all, it is asked for again.
  for (const claim of given) hand.settle(claim, { outcome: 'undecided', proof: '', parts: 0, bytes: 0 });
  return decided;
}

const notDecided = transientFailure('NOT_DECIDED', 'It is still to be decided who is to have it.');
