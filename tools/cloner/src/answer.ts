import type { Failure } from '@orthanc-tools/failures';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand, Rescheduled } from '@orthanc-tools/work-loop';
import { type Exception, type StudyOutcome, proofOf, provedIn } from './study-outcome.ts';

/** Answers for a claim by what became of its study; tells what the loop made of one that is unfinished. */
export function answer(claim: Claim, outcome: StudyOutcome, hand: Hand): Rescheduled | undefined {
  if (outcome.unfinished !== undefined)
    return hand.reschedule(claim, outcome.unfinished, {
      hasProgressed: outcome.copied > 0 || (outcome.belongings?.brought ?? 0) > 0,
      parts: doneIn(outcome),
      bytes: outcome.provedBytes + outcome.acceptedBytes,
      exceptions: [...outcome.exceptions, ...pendingOnes(outcome, outcome.unfinished)],
    });
  // What was sent is known to the loop already; what had only to be proved is not. In a study that is unfinished it is no
  // progress: it would be proved again at every visit, and the attempts would never run out.
  const onlyProved = doneIn(outcome) - outcome.copied;
  if (onlyProved > 0) hand.observe({ parts: onlyProved, bytes: 0, claim });
  hand.settle(claim, {
    outcome: wordFor(outcome),
    proof: proofOf(outcome),
    parts: doneIn(outcome),
    bytes: outcome.provedBytes + outcome.acceptedBytes,
    exceptions: outcome.exceptions,
  });
  return undefined;
}

const doneIn = (outcome: StudyOutcome): number => provedIn(outcome) + outcome.accepted;

function wordFor({ isVanished, accepted, copied }: StudyOutcome): string {
  if (isVanished) return 'vanished';
  if (accepted > 0) return 'accepted';
  return copied > 0 ? 'copied' : 'already-there';
}

/** By name only where others of the study arrived: otherwise it is the study as a whole that did not. */
function pendingOnes(outcome: StudyOutcome, { code, message }: Failure): Exception[] {
  if (doneIn(outcome) === 0) return [];
  return outcome.pending.map((part) => ({ part, code, message }));
}
