import type { Failure } from '@orthanc-tools/failures';
import type { Claim, Refusal, Settlement } from '@orthanc-tools/work-ledger';

/** Through which work answers for its claims: each exactly once. */
export interface Hand {
  /** Aborted when the time to finish is over: give up what has not been accepted yet. */
  readonly signal: AbortSignal;
  settle(claim: Claim, settlement: Settlement): void;
  /**
   * Answers with a failure, as if it had been thrown: later again when it is transient or ambiguous and attempts are
   * left; given back when the fault lies with a server (scope `run`); otherwise set aside, with what is known of its parts.
   */
  reschedule(claim: Claim, failure: Failure, soFar?: SoFar): Rescheduled;
  setAside(claim: Claim, refusal: Refusal): void;
  /** Gives the item back untouched; the attempt does not count. */
  release(claim: Claim): void;
  /**
   * Tells what was achieved since the last call: from this the loop learns how much at once is best. With parts it
   * also notes that the claim (the only one, when not named) has progressed, so that a crash is not held against it.
   */
  observe(achieved: Achievement): void;
}

/** What an item that is not finished has come to. */
export interface SoFar extends Pick<
  Refusal,
  'parts' | 'bytes' | 'exceptions' | 'note' | 'partNotes' | 'testimonies'
> {
  /** A part was done since the last try: the attempts are counted anew. */
  readonly hasProgressed?: boolean;
  /**
   * Where the fault lies with a server: it goes to the end of the line for so long (ms). This attempt does not count;
   * those before it do. For what may be at fault after all: what probes the server must not always be that.
   */
  readonly yieldsForMs?: number;
}

export type Rescheduled = 'later' | 'released' | 'set aside';

export interface Achievement {
  readonly parts: number;
  readonly bytes: number;
  /** The other side said that it has too much to do. */
  readonly overloaded?: boolean;
  readonly claim?: Claim;
}
