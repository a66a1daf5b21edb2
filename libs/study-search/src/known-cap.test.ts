import { describe, expect, it } from '@jest/globals';
import { knownCap } from './known-cap.ts';

describe('a cap', () => {
  it('that is given is the only one', () => {
    const cap = knownCap(120);
    expect([100, 119, 120, 121].map((count) => cap.mayBeCut(count))).toEqual([false, false, true, true]);
  });

  it('that is not given is suspected behind round numbers', () => {
    const cap = knownCap(undefined);
    expect([0, 99, 100, 137, 500, 5000, 10_000].map((count) => cap.mayBeCut(count))).toEqual([
      false,
      false,
      true,
      false,
      true,
      true,
      true,
    ]);
  });

  it('is known once the parts of an answer told more', () => {
    const cap = knownCap(undefined);
    cap.learn(100, 150, false);
    expect([99, 100, 137].map((count) => cap.mayBeCut(count))).toEqual([false, true, true]);
  });

  it('is no longer suspected where the parts told the same', () => {
    const cap = knownCap(undefined);
    cap.learn(200, 200, true);
    cap.learn(256, 256, false);
    expect([100, 200, 256].map((count) => cap.mayBeCut(count))).toEqual([true, false, true]);
  });

  it('is not suspected below the longest answer that came', () => {
    const cap = knownCap(undefined);
    cap.notice(230);
    expect([100, 200, 250, 500].map((count) => cap.mayBeCut(count))).toEqual([false, false, true, true]);
  });

  it('that may hold is suspected like a usual one, until more was told', () => {
    const cap = knownCap(undefined, 137);
    expect([136, 137, 138, 200].map((count) => cap.mayBeCut(count))).toEqual([false, true, false, true]);
    cap.notice(138);
    expect(cap.mayBeCut(137)).toBe(false);
  });

  it('that is given stays, whatever came', () => {
    const cap = knownCap(100);
    cap.notice(230);
    expect(cap.mayBeCut(100)).toBe(true);
  });
});
