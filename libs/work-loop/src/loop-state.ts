import type { Failure } from '@orthanc-tools/failures';
import type { Claim, Refusal, WorkLedger } from '@orthanc-tools/work-ledger';
import { type AdaptiveConcurrency, adaptiveConcurrency } from './adaptive-concurrency.ts';
import { itemDelay } from './back-off.ts';
import type { Bell } from './bell.ts';
import type { LoopSettings } from './loop-settings.ts';
import { type RunPause, runPause } from './run-pause.ts';

const firstRetryMs = 250;
/** What has failed is tried again within this time (ms), unless a server asks for more, or the settings say otherwise. */
export const triedAgainWithinMs = 60_000;
const longestPauseMs = 15_000;

/** What the loop and the hands that it gives out know together. */
export interface LoopState {
  readonly ledger: WorkLedger;
  readonly woken: Bell;
  readonly concurrency: AdaptiveConcurrency;
  readonly pause: RunPause;
  readonly maxAttempts: number;
  readonly counts: { settled: number; setAside: number; rescheduled: number };
  /** What ends the loop, once there is something. */
  readonly ending: { readonly reason: unknown } | undefined;
  now(): number;
  /** Writes to the ledger; when that fails the loop ends, as nothing can be promised any more. */
  writing(write: () => void): void;
  endWith(reason: unknown): void;
  faultOfRun(failure: Failure, epoch: number): void;
  /** The servers answer: a pause that was on when this work began is over. */
  isAlive(epoch: number): void;
  postpone(claim: Claim, failure: Failure, hasProgressed: boolean): void;
  /** Lets others go before it for so long; the attempt does not count, and those before it do still. */
  yield(claim: Claim, failure: Failure, forMs: number): void;
  setAside(claim: Claim, refusal: Refusal): void;
}

export function loopState(settings: LoopSettings, woken: Bell): LoopState {
  const { ledger, clock, maxAttempts, onEvent, random = Math.random } = settings;
  const { firstMs = firstRetryMs, longestMs = triedAgainWithinMs } = settings.backOff ?? {};
  const pause = runPause({
    firstMs: firstRetryMs,
    longestMs: settings.longestPauseMs ?? longestPauseMs,
    random,
  });
  const counts = { settled: 0, setAside: 0, rescheduled: 0 };
  const now = () => clock.now().getTime();
  let ending: { readonly reason: unknown } | undefined;
  const endWith = (reason: unknown): void => {
    ending ??= { reason };
  };
  return {
    ledger,
    woken,
    concurrency: adaptiveConcurrency(settings.concurrency),
    pause,
    maxAttempts,
    counts,
    now,
    endWith,
    get ending() {
      return ending;
    },
    writing(write) {
      try {
        write();
      } catch (error) {
        endWith(error);
        throw error;
      }
    },
    faultOfRun(failure, epoch) {
      if (failure.kind === 'configuration') {
        endWith(failure);
        return;
      }
      const until = pause.begin({ epoch, now: now(), retryAfterMs: failure.retryAfterMs });
      if (until === undefined) return;
      onEvent('tool.paused', {
        reason: failure.code,
        message: failure.message,
        forMs: Math.round(until - now()),
      });
    },
    isAlive(epoch) {
      if (!pause.end(epoch)) return;
      onEvent('tool.resumed', { reason: 'answered' });
      woken.ring();
    },
    postpone(claim, { code, message, retryAfterMs }, hasProgressed) {
      const attempt = hasProgressed ? 1 : claim.attempt;
      const at = now() + itemDelay({ firstMs, longestMs, random }, attempt, retryAfterMs);
      ledger.reschedule(claim, { at, code, message, hasProgressed });
      counts.rescheduled += 1;
    },
    yield(claim, { code, message }, forMs) {
      ledger.reschedule(claim, { at: now() + forMs, code, message, hasProgressed: false, isFree: true });
      counts.rescheduled += 1;
    },
    setAside(claim, refusal) {
      ledger.setAside(claim, refusal);
      counts.setAside += 1;
      onEvent('item.set_aside', { key: claim.key, code: refusal.code, attempt: claim.attempt });
    },
  };
}
