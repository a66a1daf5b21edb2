import { type Clock, systemClock } from '@orthanc-tools/scheduling';

/** A clock that begins at the given time and passes over long waits at once; short ones take their real time. */
export function hurriedClock(start: Date): Clock & { readonly passedOver: number } {
  let offset = start.getTime() - Date.now();
  let passedOver = 0;
  return {
    now: () => new Date(Date.now() + offset),
    async sleep(ms, signal) {
      if (ms < 60_000) return systemClock.sleep(ms, signal);
      offset += ms;
      passedOver += ms;
      await Promise.resolve();
    },
    get passedOver() {
      return passedOver;
    },
  };
}
