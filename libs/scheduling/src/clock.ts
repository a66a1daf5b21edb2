import { setTimeout as delay } from 'node:timers/promises';

/** Time as a tool sees it; handed in, so that a test can let a night pass in no time. */
export interface Clock {
  now(): Date;
  /** Ends after `ms` milliseconds, or as soon as the signal is aborted: it never rejects because of the signal. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(ms, signal) {
    try {
      await delay(Math.min(Math.max(ms, 0), longestTimerMs), undefined, signal ? { signal } : {});
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  },
};
