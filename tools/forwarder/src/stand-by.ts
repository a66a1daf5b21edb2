import type { Clock } from '@orthanc-tools/scheduling';

/** A destination, as far as others have to stand by for it. */
export interface Busy {
  readonly priority: number;
  /** Something waits for it that could be sent now. */
  hasWork(): boolean;
}

/** Lets work for a destination of lower priority wait for work for those of higher priority. */
export interface StandBy {
  /** Returns when no destination of a priority above `rank` has work, or after the longest wait. */
  turn(rank: number, signal: AbortSignal): Promise<void>;
}

/** Then it goes all the same: nothing waits for ever, however much there is for the others. */
const longestMs = 30_000;
const lookAgainMs = 500;

export function standBy(destinations: readonly Busy[], clock: Clock): StandBy {
  return {
    async turn(rank, signal) {
      const above = destinations.filter(({ priority }) => priority > rank);
      const end = clock.now().getTime() + longestMs;
      while (
        above.some((destination) => destination.hasWork()) &&
        !signal.aborted &&
        clock.now().getTime() < end
      )
        await clock.sleep(lookAgainMs, signal);
    },
  };
}
