import { type Clock, systemClock } from '@orthanc-tools/scheduling';

/** A clock on which a second is so many, until it is told another number; servers live in real time meanwhile. */
export function hurriedClock(times: number, from = new Date()): Clock & { go(times: number): void } {
  let [speed, since, at] = [times, Date.now(), from.getTime()];
  const now = () => at + (Date.now() - since) * speed;
  return {
    now: () => new Date(now()),
    sleep: (ms, signal) => systemClock.sleep(Math.max(5, ms / speed), signal),
    go: (wanted) => {
      [at, since, speed] = [now(), Date.now(), wanted];
    },
  };
}
