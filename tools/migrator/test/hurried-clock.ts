import { type Clock, systemClock } from '@orthanc-tools/scheduling';

/** A clock on which a second is so many; servers live in real time meanwhile. */
export function hurriedClock(times: number, from = new Date()): Clock {
  const begun = Date.now();
  return {
    now: () => new Date(from.getTime() + (Date.now() - begun) * times),
    sleep: (ms, signal) => systemClock.sleep(Math.max(5, ms / times), signal),
  };
}
