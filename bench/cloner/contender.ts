import type { Cost } from '../measure/cost.ts';

/** Where a copy runs, as the one who copies sees it. */
export interface CopyPlace {
  readonly source: string;
  readonly destination: string;
  readonly signal: AbortSignal;
}

/** One way to get all instances from the source to the destination. */
export interface Contender {
  readonly name: string;
  /** What the bench compares it as; of several with the same role, the fastest counts. */
  readonly role:
    | 'limit'
    | 'naive'
    | 'lean'
    | 'cloner'
    | 'cloner peering'
    | 'naive far'
    | 'naive farther'
    | 'cloner linked'
    | 'cloner far'
    | 'cloner farther'
    | 'cloner peering far';
  /**
   * Added between it and each of the two servers, by a link that costs CPU itself: 0 is that link without any delay,
   * undefined no link at all.
   */
  readonly roundTripMs?: number;
  /** The source knows the destination as its peer `destination`, and reaches it without that link. */
  readonly isPeering?: true;
  copy(place: CopyPlace): Promise<Cost>;
}
