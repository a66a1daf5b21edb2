import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, systemClock } from '@orthanc-tools/scheduling';

/** Shorter pauses are those between two looks at a server, which lives in real time. */
const shortestWaitMs = 1000;

/** A clock that stands still, for waits of a second and more, until it is moved on. */
export interface SteppedClock extends Clock {
  advance(ms: number): void;
}

export function steppedClock(): SteppedClock {
  let now = Date.now();
  const sleepers = new Set<() => void>();
  return {
    now: () => new Date(now),
    sleep(ms, signal) {
      if (ms < shortestWaitMs) return systemClock.sleep(ms, signal);
      const until = now + ms;
      return new Promise((resolve) => {
        const wake = () => {
          if (now < until && !signal?.aborted) return;
          sleepers.delete(wake);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        sleepers.add(wake);
        signal?.addEventListener('abort', wake);
        wake();
      });
    },
    advance(ms) {
      now += ms;
      for (const wake of sleepers) wake();
    },
  };
}

/** Lets seconds pass. */
export async function passUntil(clock: SteppedClock, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    clock.advance(1000);
    await delay(50);
  }
}
