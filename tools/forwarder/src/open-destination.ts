import type { WorkLedger } from '@orthanc-tools/work-ledger';
import type { FirstWayAwaited } from './await-first-way.ts';
import type { WayChoice } from './choose-way.ts';
import type { Destination, Verification } from './destination.ts';
import type { OpenRoute } from './open-route.ts';
import type { Pressing } from './priority.ts';
import type { MadeOnTheWay } from './processing/made-on-the-way.ts';
import type { Processing } from './processing/processing.ts';
import type { Memory } from './way-memory.ts';

/** One way to a destination, and what is known of instances where it leads. */
export interface OpenWay {
  readonly route: OpenRoute;
  readonly memory: Memory;
  /** Where it leads, by name. */
  readonly place: string;
}

/** A destination in use: how to reach it, and what is recorded of it. */
export interface OpenDestination extends Destination {
  readonly ledger: WorkLedger;
  /** The first way; then the alternate, where there is one. */
  readonly ways: readonly [OpenWay, ...OpenWay[]];
  readonly choice: WayChoice<OpenWay>;
  readonly firstWayAwaited: FirstWayAwaited;
  /** Undefined: instances travel as they are. */
  readonly processing: Processing | undefined;
  readonly onTheWay: MadeOnTheWay;
  /** Lets the units wait here, durably; one that was done before is looked at again. */
  take(keys: readonly string[], pressing?: Pressing): void;
}

/** By which verification one way of a destination goes; `unprovable`: it cannot be asked, and nothing else was ordered. */
export type Assurance = Verification | 'unprovable';

/** What was ordered, as far as the remote allows it. */
export function assuranceOf(ordered: Verification | undefined, strength: Verification): Assurance {
  if (ordered === 'none') return 'none';
  if (strength === 'none') return 'unprovable';
  if (ordered === undefined) return strength;
  return rank[ordered] <= rank[strength] ? ordered : 'unprovable';
}

const rank: Readonly<Record<Verification, number>> = { none: 0, count: 1, image: 2, hash: 3 };
