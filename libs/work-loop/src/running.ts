import { asFailure } from '@orthanc-tools/failures';
import type { Claim } from '@orthanc-tools/work-ledger';
import { queue } from 'async';
import type { Hand } from './hand.ts';
import { holdHand } from './hold-hand.ts';
import type { LoopSettings } from './loop-settings.ts';
import type { LoopState } from './loop-state.ts';

/** Everything that runs at present, and what it needs to end. */
export interface Running {
  readonly count: number;
  readonly claims: number;
  begin(claims: readonly Claim[]): void;
  giveUp(): void;
}

export function running(perform: LoopSettings['perform'], state: LoopState): Running {
  const giveUp = new AbortController();
  let count = 0;
  let claimsInHand = 0;

  async function work(claims: readonly Claim[]): Promise<void> {
    const { hand, open } = holdHand(state, claims, giveUp.signal);
    try {
      await perform(claims, hand);
      if (open.size > 0)
        throw new Error(`Work ended without an answer for ${String(open.size)} of its claims.`);
    } catch (error) {
      conclude(error, [...open], hand);
    } finally {
      count -= 1;
      claimsInHand -= claims.length;
      state.woken.ring();
    }
  }
  function conclude(error: unknown, claims: readonly Claim[], hand: Hand): void {
    const failure = asFailure(error);
    try {
      for (const claim of claims) {
        // Told to give up, work may end in any way: that says nothing about the item.
        if (giveUp.signal.aborted) hand.release(claim);
        else if (failure) hand.reschedule(claim, failure);
      }
    } catch (writing) {
      state.endWith(writing);
    }
    if (!failure && !giveUp.signal.aborted) state.endWith(error);
  }
  // The queue bounds what runs at once, at a level that changes; nothing ever waits in it, as the ledger is where work waits.
  const slots = queue<readonly Claim[]>((claims, done) => void work(claims).finally(done), 1);
  return {
    get count() {
      return count;
    },
    get claims() {
      return claimsInHand;
    },
    begin(claims) {
      count += 1;
      claimsInHand += claims.length;
      slots.concurrency = state.concurrency.limit;
      void slots.push([claims]);
    },
    giveUp: () => {
      giveUp.abort();
    },
  };
}
