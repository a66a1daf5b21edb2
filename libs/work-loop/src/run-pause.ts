import { type BackOffSettings, pauseDelay } from './back-off.ts';

/** What the loop does when a fault lies with a server: it rests, then probes with one piece of work, then goes on. */
export interface RunPause {
  /** Rises with each pause: what began before the present one can neither lengthen nor end it. */
  readonly epoch: number;
  /** Resting or probing. */
  readonly isOn: boolean;
  /** Until when nothing may begin, ms since 1970. */
  restsUntil(now: number): number | undefined;
  /** Tells the end of the rest; `undefined` when the fault belongs to a pause that is known already. */
  begin(fault: { epoch: number; now: number; retryAfterMs?: number | undefined }): number | undefined;
  /** True when this ended the pause. */
  end(epoch: number): boolean;
}

export function runPause(backOff: BackOffSettings): RunPause {
  let epoch = 0;
  let inARow = 0;
  let until = 0;

  return {
    get epoch() {
      return epoch;
    },
    get isOn() {
      return inARow > 0;
    },
    restsUntil: (now) => (now < until ? until : undefined),
    begin(fault) {
      if (fault.epoch !== epoch) return undefined;
      epoch += 1;
      inARow += 1;
      until = fault.now + pauseDelay(backOff, inARow, fault.retryAfterMs);
      return until;
    },
    end(ofEpoch) {
      const hasEnded = inARow > 0 && ofEpoch === epoch;
      if (hasEnded) inARow = 0;
      return hasEnded;
    },
  };
}
