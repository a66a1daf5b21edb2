import { bell } from './bell.ts';
import type { LoopOutcome, LoopSettings, WorkLoop } from './loop-settings.ts';
import { type LoopState, loopState } from './loop-state.ts';
import { type Running, running } from './running.ts';

const usualDrainMs = 8000;
/** For work to notice that its signal was aborted. */
const lastGraceMs = 1500;
/** Also when there is nothing to do: it shows that the loop still turns, and follows a clock that was put right. */
const longestTurnMs = 30_000;

/** Over how many more calls the last of the work is spread, rather than put into one of them. */
function callsLeft(running: number, atOnce: number, spreadOver: number): number {
  const abreast = Math.min(atOnce, spreadOver);
  return Math.min(atOnce - running, abreast - (running % abreast));
}

/** Begins as much work as may run at once; tells when to look again, if nothing ends before. */
function fill(
  { ledger, batchSize, spreadOver = Infinity, holdsBackUntil }: LoopSettings,
  state: LoopState,
  run: Running,
): number | undefined {
  const { pause, concurrency } = state;
  const now = state.now();
  const rest = pause.restsUntil(now);
  if (rest !== undefined) return rest;
  const until = holdsBackUntil?.(now);
  if (until !== undefined) return until;
  const atOnce = pause.isOn ? 1 : concurrency.limit;
  while (run.count < atOnce) {
    const most = typeof batchSize === 'function' ? batchSize() : batchSize;
    const share =
      most === 1 ? 1 : Math.ceil(ledger.tally().waiting / callsLeft(run.count, atOnce, spreadOver));
    const claims = ledger.claimNext(now, Math.max(1, Math.min(most, share)));
    if (claims.length === 0) {
      concurrency.starve();
      const readyAt = ledger.nextReadyAt();
      // Ready and yet not handed out: a suspect is worked alone at present, and its end will be heard.
      return readyAt !== undefined && readyAt <= now ? undefined : readyAt;
    }
    run.begin(claims);
  }
  return undefined;
}

/** Waits until something happens or the given time has come, and not for ever. */
async function turn({ onTurn }: LoopSettings, state: LoopState, until = Infinity): Promise<void> {
  onTurn?.(longestTurnMs);
  await state.woken.wait(Math.min(until, state.now() + longestTurnMs));
}

/** Outside the hours: finishes what is in hand, then sleeps until the next opening. */
async function rest(settings: LoopSettings, state: LoopState, run: Running): Promise<void> {
  const { clock, schedule, signal, onEvent } = settings;
  const nextOpening = () => schedule.nextOpening(clock.now());
  const opensAt = nextOpening()?.toISOString();
  onEvent('tool.paused', {
    reason: 'schedule',
    inHand: run.claims,
    ...(opensAt === undefined ? {} : { opensAt }),
  });
  const isOver = () => signal.aborted || state.ending !== undefined;
  while (run.count > 0 && !isOver()) await turn(settings, state);
  while (!schedule.isOpen(clock.now()) && !isOver()) await turn(settings, state, nextOpening()?.getTime());
  if (!isOver()) onEvent('tool.resumed', { reason: 'schedule' });
}

async function drain(
  { drainMs = usualDrainMs, onEvent, onTurn }: LoopSettings,
  state: LoopState,
  run: Running,
): Promise<void> {
  const untilIdle = async (ms: number): Promise<void> => {
    const end = state.now() + ms;
    while (run.count > 0 && state.now() < end) await state.woken.wait(end);
  };
  onTurn?.(drainMs + lastGraceMs);
  if (run.count > 0) onEvent('run.draining', { inHand: run.claims });
  await untilIdle(drainMs);
  if (run.count > 0) run.giveUp();
  await untilIdle(lastGraceMs);
  try {
    state.ledger.flush();
  } catch (error) {
    state.endWith(error);
  }
}

/**
 * Works through the ledger until the signal is aborted or, when told so, nothing is left.
 * `finished` rejects with a configuration failure of scope `run`, with a failure of the ledger, or with a defect, each
 * after what was in hand is finished; no other failure ends the loop.
 */
export function runWorkLoop(settings: LoopSettings): WorkLoop {
  const { ledger, clock, schedule, signal, untilDone, leavesDelayed = false } = settings;
  const woken = bell(clock);
  const state = loopState(settings, woken);
  const run = running(settings.perform, state);
  let isResting = false;

  function isDone(): boolean {
    const isComplete = typeof untilDone === 'function' ? untilDone() : untilDone;
    if (!isComplete || run.count > 0) return false;
    const readyAt = ledger.nextReadyAt();
    return readyAt === undefined || (leavesDelayed && readyAt > state.now());
  }
  async function steer(): Promise<void> {
    while (!state.ending && !signal.aborted && !isDone()) {
      isResting = !schedule.isOpen(clock.now());
      if (isResting) await rest(settings, state, run);
      else await turn(settings, state, fill(settings, state, run));
    }
  }
  async function finish(): Promise<LoopOutcome> {
    signal.addEventListener('abort', woken.ring, { once: true });
    await steer().catch(state.endWith);
    signal.removeEventListener('abort', woken.ring);
    await drain(settings, state, run);
    settings.onTurn?.(Infinity);
    if (state.ending) throw state.ending.reason;
    return { ...state.counts, isInterrupted: signal.aborted, abandoned: run.claims };
  }
  return {
    finished: finish(),
    wake: woken.ring,
    get isPaused() {
      return isResting || state.pause.isOn;
    },
    get concurrency() {
      return state.concurrency.limit;
    },
  };
}
