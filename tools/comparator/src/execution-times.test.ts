import { describe, expect, it } from '@jest/globals';
import { nextExecution, parseExecutionDays, parseExecutionTime } from './execution-times.ts';

describe('execution days', () => {
  it.each([
    ['sunday', [6]],
    ['Sunday', [6]],
    ['day', [0, 1, 2, 3, 4, 5, 6]],
    ['monday,thursday', [0, 3]],
    ['friday-monday', [0, 4, 5, 6]],
    ['mon-fri', [0, 1, 2, 3, 4]],
  ])('"%s" are %j', (written, days) => {
    expect(parseExecutionDays(written)).toEqual(days);
  });

  it.each(['', 'someday', 'monday-tuesday-friday', 'monday,'])('are not "%s"', (written) => {
    expect(parseExecutionDays(written)).toBeUndefined();
  });
});

describe('an execution time', () => {
  it.each([
    ['02:00', 7200],
    ['2:00', 7200],
    ['23:59:59', 86_399],
  ])('"%s" is %d seconds after midnight', (written, second) => {
    expect(parseExecutionTime(written)).toBe(second);
  });

  it.each(['24:00', '2', '02:60', '2 pm'])('is not "%s"', (written) => {
    expect(parseExecutionTime(written)).toBeUndefined();
  });
});

describe('the next execution', () => {
  const next = (at: string, days: readonly number[], second: number, timeZone = 'Europe/Berlin') =>
    nextExecution({ days, second, timeZone }, new Date(at)).toISOString();

  it.each([
    // A Friday.
    ['2026-11-27T12:00:00Z', '2026-11-29T01:00:00.000Z'],
    // The very moment is past: it would run twice.
    ['2026-11-29T01:00:00Z', '2026-12-06T01:00:00.000Z'],
    ['2026-11-29T00:59:59Z', '2026-11-29T01:00:00.000Z'],
    ['2026-11-29T01:00:30Z', '2026-12-06T01:00:00.000Z'],
  ])('after %s is at %s', (at, expected) => {
    expect(next(at, [6], 7200)).toBe(expected);
  });

  it('knows seconds', () => {
    expect(next('2026-11-29T01:00:10Z', [6], 7230)).toBe('2026-11-29T01:00:30.000Z');
    expect(next('2026-11-29T01:00:30Z', [6], 7230)).toBe('2026-12-06T01:00:30.000Z');
  });

  it('is not lost when the clock leaves its hour out, and comes once when its hour comes twice', () => {
    expect(next('2026-03-28T12:00:00Z', [6], 9000)).toBe('2026-03-29T01:00:00.000Z');
    expect(next('2026-10-24T12:00:00Z', [6], 9000)).toBe('2026-10-25T00:30:00.000Z');
  });
});
