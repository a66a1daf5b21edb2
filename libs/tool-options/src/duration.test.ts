import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatDuration, parseDuration } from './duration.ts';

describe('parseDuration', () => {
  it.each([
    ['30s', 30_000],
    ['500ms', 500],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['2w', 1_209_600_000],
    ['1h30m', 5_400_000],
    ['1.5 s', 1500],
    ['5M', 300_000],
    ['0', 0],
  ])('reads %s', (written, milliseconds) => {
    expect(parseDuration(written)).toBe(milliseconds);
  });

  it.each(['', '30', 's', '-5s', '5 x', '5s!', '1e3s', '99999999999999999w'])('refuses "%s"', (written) => {
    expect(parseDuration(written)).toBeUndefined();
  });

  it('reads a bare number only when told what it means', () => {
    expect(parseDuration('5', 's')).toBe(5000);
  });
});

describe('formatDuration', () => {
  it('writes what parseDuration reads back', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10 ** 12 }), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds))).toBe(milliseconds);
      }),
    );
  });

  it.each([
    [90_000, '90s'],
    [5_400_000, '90m'],
    [604_800_000, '1w'],
    [1, '1ms'],
    [0, '0s'],
  ])('writes %d as %s', (milliseconds, written) => {
    expect(formatDuration(milliseconds)).toBe(written);
  });
});
