import type { Failure } from '@orthanc-tools/failures';
import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Lanes } from './lanes.ts';
import type { BothSides } from './rewritten.ts';
import type { Crossing, StudyView } from './study-view.ts';
import type { Tempo } from './tempo.ts';

/** A study that was claimed, and what both sides told of it before anything was sent. */
export interface Errand {
  readonly claim: Claim;
  readonly view: StudyView;
  readonly crossing: Crossing;
}

/**
 * How instances get from the source to the destination. Nothing is judged here, and nothing is called stored: what
 * arrived, the destination tells when it is asked afterwards.
 */
export interface Carrier {
  /**
   * Waits for what an earlier process has begun for these studies and is still going on, so that it is not sent once
   * more. Called before anybody looks at what the destination holds.
   */
  catchUp(claims: readonly Claim[], signal: AbortSignal): Promise<void>;
  /**
   * Sends what is missing of each study; leaves out, by its own choice, what is better sent alone.
   * @returns what went wrong, by claim
   * @throws what ends the run, once nothing is in flight any more
   */
  carry(
    errands: readonly Errand[],
    how: { readonly lanes: Lanes; readonly tempo: Tempo },
  ): Promise<ReadonlyMap<Claim, Failure>>;
  /**
   * Sends one instance alone, for an answer that is of it alone.
   * @returns why it was not stored
   * @throws what ends the run
   */
  carryOne(
    instance: StoredInstance,
    crossing: Crossing & { readonly tempo: Tempo },
  ): Promise<Failure | undefined>;
  /**
   * For a way that writes files anew, so that their MD5 tells nothing.
   * @returns what proves the instance all the same; undefined where nothing does; or why that cannot be told now
   */
  readonly proveRewritten?: (
    both: BothSides,
    study: string,
    crossing: Crossing,
  ) => Promise<string | undefined | Failure>;
  /** Told once what came of the sending is known, for good or not; and which were proved by having been sent. */
  readonly concluded?: (
    study: string,
    instances: readonly StoredInstance[],
    provedBySending: readonly BothSides[],
  ) => void;
}
