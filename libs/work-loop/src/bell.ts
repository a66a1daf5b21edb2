import type { Clock } from '@orthanc-tools/scheduling';

/** Wakes one waiter. A ring that nobody hears yet is kept for the next wait. */
export interface Bell {
  ring(): void;
  /** Ends with the next ring, or at `until` (ms since 1970). */
  wait(until?: number): Promise<void>;
}

export function bell(clock: Clock): Bell {
  let hasRung = false;
  let wake: (() => void) | undefined;

  return {
    ring() {
      hasRung = true;
      wake?.();
    },
    async wait(until) {
      if (!hasRung) {
        const done = new AbortController();
        const rung = new Promise<void>((resolve) => (wake = resolve));
        const isTimed = until !== undefined;
        const slept = isTimed ? [clock.sleep(Math.max(1, until - clock.now().getTime()), done.signal)] : [];
        await Promise.race([rung, ...slept]);
        done.abort();
      }
      hasRung = false;
      wake = undefined;
    },
  };
}
