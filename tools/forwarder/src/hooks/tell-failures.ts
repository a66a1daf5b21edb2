import { describeFailure } from '@orthanc-tools/failures';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import type { Hooks } from './use-hooks.ts';

interface Telling {
  readonly destination: string;
  readonly hooks: Pick<Hooks, 'tellError'>;
}

/** Does the work, and tells the hooks of each claim that it, or whoever catches what it throws, answers with a failure. */
export async function tellFailures(
  claims: readonly Claim[],
  hand: Hand,
  { destination, hooks, work }: Telling & { work(hand: Hand): Promise<void> },
): Promise<void> {
  const open = new Set(claims);
  const tell = ({ key: unit, attempt }: Claim, { code, message }: { code: string; message: string }) => {
    hooks.tellError({ unit, destination, code, message, attempt });
  };
  const watched: Hand = {
    ...hand,
    settle(claim, settlement) {
      open.delete(claim);
      hand.settle(claim, settlement);
      for (const { code, message } of firstOfEachCode(settlement.exceptions ?? []))
        tell(claim, { code, message });
    },
    reschedule(claim, failure, soFar) {
      open.delete(claim);
      tell(claim, failure);
      return hand.reschedule(claim, failure, soFar);
    },
    setAside(claim, refusal) {
      open.delete(claim);
      tell(claim, refusal);
      hand.setAside(claim, refusal);
    },
    release(claim) {
      open.delete(claim);
      hand.release(claim);
    },
  };
  try {
    await work(watched);
  } catch (error) {
    if (!hand.signal.aborted) for (const claim of open) tell(claim, describeFailure(error));
    throw error;
  }
}

const firstOfEachCode = <Exception extends { readonly code: string }>(
  exceptions: readonly Exception[],
): Exception[] => [...new Map(exceptions.toReversed().map((one) => [one.code, one])).values()];
