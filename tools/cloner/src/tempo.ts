import { type Orthanc, roundTrip } from '@orthanc-tools/orthanc-client';
import { type Budget, openBudget } from '@orthanc-tools/work-loop';

/** How the way to the destination is used best. */
export interface Tempo {
  /**
   * The destination answers at once. Then each instance is stored by a request of its own, which costs it less than
   * STOW-RS does; from afar the wait for each answer would cost more than that.
   */
  readonly isNear: boolean;
  /** Requests that read, or store, for one study at a time. */
  readonly atOnce: number;
  /** Requests that read a file each, over all hands. */
  readonly reads: Budget;
  /**
   * Files of the studies that are being read, over all hands: were a few of each study read at a time, all studies would
   * be at their end at once, and nothing would be under way until the next are looked at.
   */
  readonly begun: Budget;
  /** Requests that store something, over all hands: more at once cost a near destination more, and gain nothing. */
  readonly stores: Budget;
}

/** One stored by each of eight requests at a time cost the destination 1.8 ms of CPU, by each of 32 as much as 2.2 ms. */
const storesWhenNear = 8;

/** From afar most requests are on the way: so many keep the servers busy, and the last study does not dribble. */
const underWayWhenFar = 32;

/** Up to this round trip a request per instance is cheaper than waiting for batches to fill. */
const nearMs = 15;

/** Half as many again are begun as are under way, so that the next study takes over while the last files of one are read. */
const begunWhenFar = 48;

const firstQuestions = 3;

/**
 * Tells the tempo by the shortest round trip so far. A destination that has not been near yet is measured again each time,
 * so one bad moment decides nothing for weeks; to be asked beside other questions, as it takes as long as one, the first
 * time as several.
 */
export function tempoTo(destination: Orthanc): () => Promise<Tempo> {
  const near: Tempo = {
    isNear: true,
    atOnce: 4,
    reads: openBudget(Infinity),
    begun: openBudget(Infinity),
    stores: openBudget(storesWhenNear),
  };
  const far: Tempo = {
    isNear: false,
    atOnce: 16,
    reads: openBudget(underWayWhenFar),
    begun: openBudget(begunWhenFar),
    stores: openBudget(underWayWhenFar),
  };
  const way = roundTrip(() => destination.now(), { nearMs, firstQuestions });
  return async () => {
    // Where nobody may ask for the time, as behind some proxies, the way counts as long.
    await way.measure().catch(() => undefined);
    return way.shortestMs() < nearMs ? near : far;
  };
}

/**
 * Measures before what takes the server long is asked for, which would hold it up: near by that is done at once, and
 * nobody waits longer for it.
 */
export const measureFirst = (tempo: () => Promise<Tempo>): Promise<unknown> =>
  Promise.race([tempo(), new Promise((resolve) => setTimeout(resolve, nearMs))]);
