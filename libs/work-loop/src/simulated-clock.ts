import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '@orthanc-tools/scheduling';

/** Turns of the event loop after which whatever can happen without time passing has happened. */
const turnsUntilQuiet = 6;

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/** Time for tests: it stands still while something can still happen, and then jumps to the next moment waited for. */
export interface SimulatedClock extends Clock {
  /** Lets time pass until the promise is settled. Fails when nothing waits for a time any more. */
  until<T>(promise: Promise<T>): Promise<T>;
}

export function simulatedClock(start = new Date('2026-03-02T12:00:00Z')): SimulatedClock {
  let now = start.getTime();
  const sleepers = new Set<Sleeper>();

  function advance(): void {
    const [first] = [...sleepers].sort((a, b) => a.at - b.at);
    if (!first) throw new Error('Nothing waits for a time: the promise will never be settled.');
    sleepers.delete(first);
    now = Math.max(now, first.at);
    first.wake();
  }
  return {
    now: () => new Date(now),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) {
          resolve();
          return;
        }
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          resolve();
        });
      }),
    async until(promise) {
      let isSettled = false;
      const settled = promise.finally(() => (isSettled = true));
      settled.catch(() => undefined);
      for (;;) {
        for (let quiet = 0; quiet < turnsUntilQuiet && !isSettled; quiet += 1) await turn();
        if (isSettled) return settled;
        advance();
      }
    },
  };
}
