import { type Measure, type Observation, steadyMeasures } from './steady-measures.ts';

export interface ConcurrencySettings {
  readonly ceiling: number;
  /** Where to begin; 4, or the ceiling when that is lower. */
  readonly start?: number | undefined;
}

export interface AdaptiveConcurrency {
  readonly limit: number;
  record(observation: Observation): void;
  /** There was less work than could have been done at once: the time measured says nothing about the limit. */
  starve(): void;
  /** To be called whenever something has ended; `now` in ms. */
  adjust(now: number): void;
}

const overloadShare = 0.1;
const fallTo = 0.6;
/** What a step up must gain in throughput, and what a step down may lose. */
const worthDoubling = 1.15;
const worthMore = 1.05;
const worthLess = 0.95;
const longestInterval = 32;

interface Level {
  readonly limit: number;
  readonly rate: number;
}

/**
 * Finds how much at once is best: doubles while that pays, then tries a little more and a little less in turn, ever
 * more rarely while nothing changes. Falls when more than a tenth meets an overloaded server, unless that only
 * costs throughput: a server that refuses at random is not relieved by it.
 */
export function adaptiveConcurrency({ ceiling, start = 4 }: ConcurrencySettings): AdaptiveConcurrency {
  let limit = Math.max(1, Math.min(start, ceiling));
  let isDoubling = true;
  let best: Level | undefined;
  let isOnTrial = false;
  let direction: 'up' | 'down' = 'up';
  let interval = 1;
  let countdown = 1;
  let beforeFall: (Measure & { readonly limit: number }) | undefined;
  let patience = 0;
  const measures = steadyMeasures(judge);

  function judge(measured: Measure): void {
    if (measured.share > overloadShare) fall(measured);
    else if (isDoubling) double(measured.rate);
    else if (isOnTrial) concludeTrial(measured.rate);
    else hold(measured.rate);
  }
  function fall(measured: Measure): void {
    patience -= 1;
    if (patience > 0) return;
    const hasHelped = !beforeFall || measured.share < 0.8 * beforeFall.share;
    const hasCost = measured.rate < 0.8 * (beforeFall?.rate ?? 0);
    if (beforeFall && hasCost && !hasHelped) {
      limit = beforeFall.limit;
      beforeFall = undefined;
      patience = longestInterval;
      return;
    }
    beforeFall = { ...measured, limit };
    limit = Math.max(1, Math.floor(limit * fallTo));
    [isDoubling, isOnTrial, best, direction, interval, countdown] = [false, false, undefined, 'up', 4, 4];
  }
  function double(rate: number): void {
    const hasGained = rate > (best?.rate ?? 0) * worthDoubling;
    if (hasGained) best = { limit, rate };
    isDoubling = hasGained && limit < ceiling;
    limit = isDoubling ? Math.min(ceiling, limit * 2) : (best?.limit ?? limit);
  }
  function hold(rate: number): void {
    [beforeFall, patience] = [undefined, 0];
    best = { limit, rate: best?.limit === limit ? (best.rate + rate) / 2 : rate };
    countdown -= 1;
    if (countdown > 0) return;
    const next =
      direction === 'up' ? limit + Math.max(1, limit >> 2) : limit - Math.max(1, Math.floor(limit / 5));
    limit = Math.max(1, Math.min(ceiling, next));
    isOnTrial = limit !== best.limit;
    if (!isOnTrial) turn();
  }
  function concludeTrial(rate: number): void {
    isOnTrial = false;
    const known = best ?? { limit, rate };
    if (rate < known.rate * (direction === 'up' ? worthMore : worthLess)) {
      limit = known.limit;
      turn();
      return;
    }
    // A step down keeps the rate to beat, so that many small losses do not add up.
    best = { limit, rate: Math.max(rate, known.rate) };
    interval = countdown = 1;
  }
  function turn(): void {
    direction = direction === 'up' ? 'down' : 'up';
    interval = Math.min(longestInterval, interval * 2);
    countdown = interval;
  }
  return {
    get limit() {
      return limit;
    },
    record: measures.record,
    starve: measures.starve,
    adjust: (now) => {
      measures.close(limit, now);
    },
  };
}
