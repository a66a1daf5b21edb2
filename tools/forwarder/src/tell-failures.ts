import { asFailure, describeFailure } from '@orthanc-tools/failures';
import type { Logger } from '@orthanc-tools/telemetry';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import type { Hooks } from './hooks/use-hooks.ts';

/** It only waits until it is decided anew who is to have it. */
const untried = 'NOT_DECIDED';

interface Telling {
  /** Where in the work it is: the gate, the name of a destination, or the deletion. */
  readonly stage: string;
  readonly log: Logger;
  /** Of a destination, where there are any. */
  readonly hooks?: Pick<Hooks, 'tellError'> | undefined;
}

/** Does the work, and tells the log and the hooks of each claim that is answered with a failure, and of what became of it. */
export async function tellFailures(
  claims: readonly Claim[],
  hand: Hand,
  { stage, log, hooks, work }: Telling & { work(hand: Hand): Promise<void> },
): Promise<void> {
  const open = new Set(claims);
  const tellHooks = ({ key: unit, attempt }: Claim, { code, message }: Told) =>
    hooks?.tellError({ unit, destination: stage, code, message, attempt });
  const tell = (event: string, claim: Claim, told: Told) => {
    const { code, message } = told;
    log.warn(event, { unit: claim.key, stage, code, message, attempt: claim.attempt });
    tellHooks(claim, told);
  };
  const watched: Hand = {
    ...hand,
    settle(claim, settlement) {
      open.delete(claim);
      hand.settle(claim, settlement);
      for (const told of firstOfEachCode(settlement.exceptions ?? [])) tell('unit.set_aside', claim, told);
    },
    reschedule(claim, failure, soFar) {
      open.delete(claim);
      const became = hand.reschedule(claim, failure, soFar);
      // What only waits its turn, or for a server that is away, is no failure of the unit: others tell of it once.
      if (became === 'set aside') tell('unit.set_aside', claim, failure);
      else if (became === 'later' && soFar?.hasProgressed !== true) tell('unit.rescheduled', claim, failure);
      else if (failure.code !== untried) tellHooks(claim, failure);
      return became;
    },
    setAside(claim, refusal) {
      open.delete(claim);
      hand.setAside(claim, refusal);
      tell('unit.set_aside', claim, refusal);
    },
    release(claim) {
      open.delete(claim);
      hand.release(claim);
    },
  };
  try {
    await work(watched);
  } catch (error) {
    if (hand.signal.aborted) throw error;
    const failure = asFailure(error);
    if (failure !== undefined && failure.scope !== 'run') {
      for (const claim of open) watched.reschedule(claim, failure);
      return;
    }
    // It is a matter of the whole run: the loop gives the claims back, and says once that it waits.
    for (const claim of open) tellHooks(claim, describeFailure(error));
    throw error;
  }
}

interface Told {
  readonly code: string;
  readonly message: string;
}

const firstOfEachCode = (exceptions: readonly Told[]): Told[] => [
  ...new Map(exceptions.toReversed().map((one) => [one.code, one])).values(),
];
