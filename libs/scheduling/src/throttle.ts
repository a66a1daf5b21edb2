import type { BandwidthTimetable } from './bandwidth-timetable.ts';
import type { Clock } from './clock.ts';

/** Lets bytes pass no faster than they may, whoever brings them. */
export interface Throttle {
  /** Ends when so many bytes may travel, in the order of asking; at once when the signal is aborted. */
  take(bytes: number, signal?: AbortSignal): Promise<void>;
}

/** What was not used in so short a time (ms) may be made up for: timers are late, and a reader is not always there. */
const creditMs = 100;

/**
 * Each taker gets a span of time of its own in which its bytes travel at the rate of the timetable; the next begins where
 * it ends. A change of rate counts from its very moment on, for those that wait too.
 */
export function openThrottle(timetable: BandwidthTimetable, clock: Clock): Throttle {
  let free = -Infinity;
  return {
    async take(bytes, signal) {
      const begin = Math.max(free, clock.now().getTime() - creditMs);
      free = timetable.through(bytes, begin);
      for (;;) {
        const wait = begin - clock.now().getTime();
        if (wait <= 0 || signal?.aborted === true) return;
        await clock.sleep(Math.ceil(wait), signal);
      }
    },
  };
}
