import { describe, expect, it } from '@jest/globals';
import { type AdaptiveConcurrency, adaptiveConcurrency } from './adaptive-concurrency.ts';

interface Server {
  /** Requests that it serves side by side; the others queue. */
  readonly capacity: number;
  readonly latencyMs: number;
  /** Answers "busy" at once to what exceeds its capacity by that many. */
  readonly patience?: number;
  /** Refuses every n-th request, whatever the load. */
  readonly refuseEvery?: number;
}

interface Told {
  readonly limits: readonly number[];
  /** Requests served in the last second. */
  readonly lastSecond: number;
}

/** Drives the limit against a server in simulated time, one step per millisecond. */
function simulate(concurrency: AdaptiveConcurrency, server: Server, forMs: number): Told {
  const { capacity, latencyMs, patience = Infinity, refuseEvery = Infinity } = server;
  const free = Array.from({ length: capacity }, () => 0);
  const limits: number[] = [];
  let ends: { at: number; isOverload: boolean }[] = [];
  let [sent, lastSecond] = [0, 0];
  const send = (now: number): { at: number; isOverload: boolean } => {
    sent += 1;
    const isFull = ends.length >= capacity + patience;
    if (isFull || sent % refuseEvery === 0) return { at: now + 2, isOverload: true };
    const slot = free.indexOf(Math.min(...free));
    const at = Math.max(now, free[slot] ?? now) + latencyMs * (0.8 + 0.4 * ((sent * 7919) % 100) * 0.01);
    free[slot] = at;
    return { at, isOverload: false };
  };
  concurrency.adjust(0);
  for (let now = 1; now <= forMs; now += 1) {
    for (const { isOverload } of ends.filter(({ at }) => at <= now)) {
      concurrency.record({ units: isOverload ? 0 : 1, isOverload });
      if (now > forMs - 1000 && !isOverload) lastSecond += 1;
    }
    ends = ends.filter(({ at }) => at > now);
    concurrency.adjust(now);
    while (ends.length < concurrency.limit) ends.push(send(now));
    limits.push(concurrency.limit);
  }
  return { limits, lastSecond };
}

const average = (numbers: readonly number[]): number =>
  numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

describe('adaptive concurrency', () => {
  it.each([
    [8, 12],
    [16, 40],
    [32, 64],
    [64, 64],
  ])(
    'climbs within two seconds to what %i slots with 50 ms of latency can do (ceiling %i)',
    (capacity, ceiling) => {
      const reachable = (capacity * 1000) / 50;
      const { lastSecond } = simulate(adaptiveConcurrency({ ceiling }), { capacity, latencyMs: 50 }, 3000);
      expect(lastSecond).toBeGreaterThan(0.9 * reachable);
    },
  );

  it.each([2, 5, 10, 20])(
    'stays near the knee of a server with %i slots, however high the ceiling',
    (capacity) => {
      const { limits, lastSecond } = simulate(
        adaptiveConcurrency({ ceiling: 100 }),
        { capacity, latencyMs: 20 },
        30000,
      );
      expect(average(limits.slice(-10000))).toBeLessThan(capacity * 1.6 + 1);
      expect(lastSecond).toBeGreaterThan(0.85 * capacity * 50);
    },
  );

  it('never passes the ceiling and never goes below one', () => {
    const { limits } = simulate(adaptiveConcurrency({ ceiling: 6 }), { capacity: 50, latencyMs: 20 }, 10000);
    expect([Math.max(...limits), Math.min(...limits)]).toEqual([6, 4]);
    const busy = simulate(
      adaptiveConcurrency({ ceiling: 6 }),
      { capacity: 1, latencyMs: 20, patience: 0 },
      10000,
    );
    expect(Math.min(...busy.limits)).toBe(1);
  });

  it('falls when the server says that it is busy', () => {
    const { limits } = simulate(
      adaptiveConcurrency({ ceiling: 64, start: 64 }),
      { capacity: 8, latencyMs: 20, patience: 2 },
      10000,
    );
    expect(average(limits.slice(-5000))).toBeLessThan(16);
  });

  it('does not fall for a few refusals', () => {
    const server = { capacity: 16, latencyMs: 20 };
    const { lastSecond } = simulate(
      adaptiveConcurrency({ ceiling: 32 }),
      { ...server, refuseEvery: 50 },
      10000,
    );
    expect(lastSecond).toBeGreaterThan(0.85 * 16 * 50);
  });

  it('does not starve itself when refusals have nothing to do with the load', () => {
    const server = { capacity: 16, latencyMs: 20, refuseEvery: 3 };
    const { limits } = simulate(adaptiveConcurrency({ ceiling: 32, start: 16 }), server, 20000);
    expect(average(limits.slice(-5000))).toBeGreaterThanOrEqual(4);
  });

  it('finds the new knee when the server becomes faster', () => {
    const concurrency = adaptiveConcurrency({ ceiling: 64 });
    simulate(concurrency, { capacity: 4, latencyMs: 20 }, 10000);
    const before = concurrency.limit;
    simulate(concurrency, { capacity: 32, latencyMs: 20 }, 60000);
    expect(concurrency.limit).toBeGreaterThan(2 * before);
  });

  it('learns nothing from times without enough work', () => {
    const concurrency = adaptiveConcurrency({ ceiling: 64 });
    for (let now = 0; now < 5000; now += 10) {
      concurrency.record({ units: 1 });
      concurrency.starve();
      concurrency.adjust(now);
    }
    expect(concurrency.limit).toBe(4);
  });
});
