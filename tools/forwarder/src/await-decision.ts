import { transientFailure } from '@orthanc-tools/failures';
import type { Logger } from '@orthanc-tools/telemetry';
import type { Claim, LedgerView } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { askAgainMs, waitFor } from './answer-for-deletion.ts';
import { type Decision, decisionOn } from './feed-arrivals.ts';
import { serialOf } from './follow-configuration.ts';
import { decidedUnder } from './routing.ts';

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

/** What another configuration has decided says nothing; what has come to a unit meanwhile holds up nothing of it. */
export function decisionToServe(
  ledger: Pick<LedgerView, 'cursor' | 'stateOf' | 'remembered'>,
  key: string,
): Decision {
  const serial = serialOf(ledger);
  return serial === 0 || decidedUnder(ledger, key) === serial ? 'decided' : decisionOn(ledger, key);
}
