import { type Failure, transientFailure } from '@orthanc-tools/failures';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import { lookAgainMs } from './conclude-unit.ts';
import type { Recorded, UnitsContext } from './delete-units.ts';
import type { Silence } from './deletion-waits.ts';
import type { Outgoing } from './open-route.ts';
import { wantedBy } from './routing.ts';
import { tellStep } from './unit-steps.ts';

/** So long is waited before a destination is asked once more about a unit of which it has said nothing (ms). */
export const askAgainMs = 5000;

/** What is away must hold up only what it has to be asked about, for as long as it takes. */
export function waitFor({ failure, askAgainInMs }: Silence, claim: Claim, hand: Hand): void {
  const { code, message, facts } = failure;
  const waiting = transientFailure(code, message, { facts, retryAfterMs: askAgainInMs });
  hand.reschedule(claim, waiting, { hasProgressed: true });
}

/** Of a unit about which a destination that answers cannot be asked: somebody has to hear of it at last. */
function tryAgain(
  { code, message, facts }: Failure,
  claim: Claim,
  { hand, isFollowing }: UnitsContext,
): void {
  const retryAfterMs = isFollowing ? lookAgainMs(claim.attempt, isFollowing) : undefined;
  hand.reschedule(claim, transientFailure(code, message, { facts, retryAfterMs }));
}

interface UnitDeletion {
  readonly deleted: readonly Outgoing[];
  readonly left: readonly Outgoing[];
  readonly isDeleted: boolean;
  /** Why a destination could not be asked. */
  readonly unasked: Silence | undefined;
}

const notDeleted = transientFailure('NOT_DELETED', 'The source still holds what it was told to delete.');

/** Answers for a unit by what is left of it here. */
export function answerForDeletion(unit: Recorded, deletion: UnitDeletion, context: UnitsContext): void {
  const { claim } = unit;
  const { isDeleted, unasked } = deletion;
  tellStep(context.log, 'answer for the deletion', { unit: claim.key });
  tellTransfer(unit, deletion, context);
  forgetGone(unit, deletion);
  if (!isDeleted) context.hand.reschedule(claim, notDeleted);
  else if (unasked === undefined) settle(claim, deletion, context);
  else if (unasked.failure.scope === 'run') waitFor(unasked, claim, context.hand);
  else tryAgain(unasked.failure, claim, context);
}

function tellTransfer(
  { claim, wanted }: Recorded,
  { deleted, left }: UnitDeletion,
  { transfers }: UnitsContext,
): void {
  if (deleted.length === 0) return;
  const destinations = [...new Set(deleted.flatMap((instance) => wantedBy(wanted, instance) ?? []))];
  transfers.deleted({ unit: claim.key, deleted: deleted.length, kept: left.length, destinations });
}

/** Nothing can be asked any more about what is gone, whether by this deletion or by one that did not live to say so. */
function forgetGone({ claim, proved }: Recorded, { left }: UnitDeletion): void {
  const isLeft = new Set(left.map(({ id }) => id));
  for (const [memory, ids] of proved)
    memory.forget(
      claim.key,
      ids.filter((id) => !isLeft.has(id)),
    );
}

function settle(claim: Claim, { deleted, left }: UnitDeletion, { hand }: UnitsContext): void {
  const isGone = deleted.length === 0 && left.length === 0;
  hand.settle(claim, {
    outcome: isGone ? 'vanished' : left.length === 0 ? 'deleted' : 'kept-in-part',
    proof: '',
    parts: deleted.length,
    bytes: deleted.reduce((sum, { size }) => sum + size, 0),
  });
}
