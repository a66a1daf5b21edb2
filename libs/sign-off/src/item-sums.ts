import type { WorkTally } from '@orthanc-tools/work-ledger';

/** Studies, or files: how many ended how. Together they are all that the ledger knows. */
export interface ItemSums {
  /** Everything of them is proved at the destination. */
  readonly proved: number;
  /** At the destination before; that they are the same, nobody has said. */
  readonly existing: number;
  /** Taken by a destination that nobody can ask. */
  readonly accepted: number;
  /** Gone from the source before their turn came. */
  readonly vanished: number;
  /** Nothing that is to be copied, such as a text file. */
  readonly passedOver: number;
  /** Given up, as a whole or in part, until somebody acts. */
  readonly setAside: number;
  readonly waiting: number;
}

/** How a tool calls what needs no proof. */
export interface OutcomeWords {
  readonly accepted?: readonly string[];
  readonly vanished?: readonly string[];
  readonly passedOver?: readonly string[];
}

/** Sums of a ledger whose items are all of one kind. Pure. */
export function itemSums(
  tally: WorkTally,
  { accepted = [], vanished = [], passedOver = [] }: OutcomeWords,
): ItemSums {
  const counted = (outcomes: readonly string[]) =>
    outcomes.reduce((sum, outcome) => sum + (tally.byOutcome[outcome] ?? 0), 0);
  const others = {
    accepted: counted(accepted),
    vanished: counted(vanished),
    passedOver: counted(passedOver),
  };
  return {
    ...others,
    proved: tally.done - others.accepted - others.vanished - others.passedOver,
    existing: 0,
    setAside: tally.setAside,
    waiting: tally.waiting + tally.inHand,
  };
}
