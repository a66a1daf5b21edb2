import type { ProgressState } from './progress.ts';

/** Per second, smoothed; `leftMs` is an estimate and missing while nothing can be said. */
export interface Pace {
  readonly partsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly leftMs: number | undefined;
}

// A rate changes by two thirds within this time: calm enough to read, quick enough to believe.
const smoothingMs = 15_000;
const shortestStepMs = 250;

function left(done: number, total: number | undefined, perSecond: number): number | undefined {
  if (total === undefined) return undefined;
  if (total <= done) return 0;
  return perSecond > 0 ? ((total - done) / perSecond) * 1000 : undefined;
}

/** The slower of two estimates: what has many small parts is bound by parts, what has large ones by bytes. */
function slower(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

/** Follows the states of one run and answers its pace at each. */
export function startRateMeter(): (state: ProgressState, nowMs: number) => Pace {
  let last: { state: ProgressState; nowMs: number } | undefined;
  let parts: number | undefined;
  let bytes: number | undefined;
  const smooth = (before: number | undefined, rate: number, weight: number) =>
    before === undefined ? rate : before + (rate - before) * weight;
  return (state, nowMs) => {
    last ??= { state, nowMs };
    const passedMs = nowMs - last.nowMs;
    if (passedMs >= shortestStepMs) {
      const weight = 1 - Math.exp(-passedMs / smoothingMs);
      const perSecond = (now: number, before: number) => (Math.max(0, now - before) / passedMs) * 1000;
      parts = smooth(parts, perSecond(state.doneParts, last.state.doneParts), weight);
      bytes = smooth(bytes, perSecond(state.doneBytes, last.state.doneBytes), weight);
      last = { state, nowMs };
    }
    // Sizes may differ from what a server counts: when every part is done, no time is left.
    const isDone = state.totalParts !== undefined && state.doneParts >= state.totalParts;
    const leftMs = isDone
      ? 0
      : slower(
          left(state.doneParts, state.totalParts, parts ?? 0),
          left(state.doneBytes, state.totalBytes, bytes ?? 0),
        );
    return { partsPerSecond: parts ?? 0, bytesPerSecond: bytes ?? 0, leftMs };
  };
}
