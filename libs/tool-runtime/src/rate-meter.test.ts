import { describe, expect, it } from '@jest/globals';
import { startRateMeter } from './rate-meter.ts';

const state = (
  doneParts: number,
  doneBytes = doneParts * 1000,
  totals: { totalParts?: number; totalBytes?: number } = {},
) => ({
  doneItems: 0,
  doneParts,
  doneBytes,
  setAside: 0,
  ...totals,
});

describe('the rate meter', () => {
  it('counts from the first state on: what an earlier run has done is no speed', () => {
    const pace = startRateMeter();
    expect(pace(state(1_000_000), 0)).toMatchObject({ partsPerSecond: 0, bytesPerSecond: 0 });
    expect(pace(state(1_000_050), 1000)).toMatchObject({ partsPerSecond: 50, bytesPerSecond: 50_000 });
  });

  it('smooths: one fast second among slow ones hardly counts', () => {
    const pace = startRateMeter();
    pace(state(0), 0);
    pace(state(10), 1000);
    expect(pace(state(1010), 2000).partsPerSecond).toBeLessThan(100);
  });

  it('follows a change that stays', () => {
    const pace = startRateMeter();
    pace(state(0), 0);
    for (let second = 1; second <= 30; second += 1) pace(state(second * 10), second * 1000);
    let last = 0;
    for (let second = 1; second <= 60; second += 1)
      last = pace(state(300 + second * 100), (30 + second) * 1000).partsPerSecond;
    expect(last).toBeGreaterThan(95);
  });

  it('estimates the time left by the slower of parts and bytes', () => {
    const pace = startRateMeter();
    pace(state(0, 0), 0);
    const totals = { totalParts: 1000, totalBytes: 1_000_000 };
    expect(pace(state(100, 10_000, totals), 1000).leftMs).toBeCloseTo(99_000, 0);
  });

  it('promises nothing before anything has moved, nor without a total', () => {
    const pace = startRateMeter();
    expect(pace(state(0, 0, { totalParts: 10 }), 0).leftMs).toBeUndefined();
    expect(pace(state(5, 5), 1000).leftMs).toBeUndefined();
  });

  it('takes no speed from two states of one moment, and none that is negative', () => {
    const pace = startRateMeter();
    pace(state(0), 0);
    expect(pace(state(1000), 1).partsPerSecond).toBe(0);
    expect(pace(state(0), 1000).partsPerSecond).toBe(0);
  });
});
