import type { Clock, WeeklySchedule } from '@orthanc-tools/scheduling';
import type { Claim, WorkLedger } from '@orthanc-tools/work-ledger';
import type { ConcurrencySettings } from './adaptive-concurrency.ts';
import type { Hand } from './hand.ts';

/**
 * `tool.paused` and `tool.resumed` (`reason` is `schedule` or the code of the fault), `item.set_aside` when the loop
 * decided so, `run.draining` when it stops.
 */
export type LoopEvent = 'tool.paused' | 'tool.resumed' | 'item.set_aside' | 'run.draining';

export interface LoopSettings {
  readonly ledger: WorkLedger;
  readonly clock: Clock;
  /** Aborted: nothing more is claimed, what is in hand is finished. */
  readonly signal: AbortSignal;
  readonly schedule: WeeklySchedule;
  readonly concurrency: ConcurrencySettings;
  /** Most items handed to one call of `perform`; asked before each. */
  readonly batchSize: number | (() => number);
  /**
   * Over so many calls the last of the work is spread, as many as bring something forward at a time; over all that may run if
   * not told.
   */
  readonly spreadOver?: number;
  /** Until when nothing is claimed, as more may come that goes with it (ms since 1970); undefined: at once. `wake` asks anew. */
  readonly holdsBackUntil?: (now: number) => number | undefined;
  readonly maxAttempts: number;
  /**
   * Does the work and answers for each claim. What it throws is judged, for each claim not answered yet, by
   * `asFailure`; anything that is no failure is a defect: the loop finishes what is in hand and throws it on.
   */
  perform(claims: readonly Claim[], hand: Hand): Promise<void>;
  onEvent(event: LoopEvent, facts: Readonly<Record<string, unknown>>): void;
  /**
   * Told at each turn of the loop within how many ms the next one comes, if all is well; `Infinity` when it has ended.
   * For whoever watches whether it still turns.
   */
  onTurn?(nextWithinMs: number): void;
  /** True when nothing more will be enqueued: the loop ends when nothing waits. */
  readonly untilDone: boolean | (() => boolean);
  /** Once nothing more will be enqueued, the loop also ends when all that waits is to wait for a later time. */
  readonly leavesDelayed?: boolean;
  readonly backOff?: { readonly firstMs?: number; readonly longestMs?: number };
  /** How long the loop rests at most before it asks a server again that was away. */
  readonly longestPauseMs?: number;
  /** How long work in hand may go on after the signal; then `hand.signal` is aborted. Docker kills after 10 s. */
  readonly drainMs?: number;
  readonly random?: () => number;
}

export interface LoopOutcome {
  readonly isInterrupted: boolean;
  readonly settled: number;
  readonly setAside: number;
  readonly rescheduled: number;
  /** Claims that nobody answered in time when the loop was interrupted; the ledger holds them as interrupted. */
  readonly abandoned: number;
}

export interface WorkLoop {
  readonly finished: Promise<LoopOutcome>;
  /** Something was enqueued, or `untilDone` has become true. */
  wake(): void;
  readonly isPaused: boolean;
  /** How many pieces of work may run at once at present. */
  readonly concurrency: number;
}
