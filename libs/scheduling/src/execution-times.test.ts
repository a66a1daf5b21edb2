import { describe, expect, it } from '@jest/globals';
import { executionTimes, parseExecutionTimes } from './execution-times.ts';

const nextOf = (written: string, at: string, zone = 'UTC') =>
  executionTimes(written, zone).nextAfter(new Date(at))?.toISOString();

describe('execution times', () => {
  it.each([
    ['2:30', '2026-06-01T00:00:00Z', '2026-06-01T02:30:00.000Z'],
    ['02:30', '2026-06-01T02:30:00Z', '2026-06-02T02:30:00.000Z'],
    ['23:30:14', '2026-06-01T23:30:13Z', '2026-06-01T23:30:14.000Z'],
    ['2:30,14:00', '2026-06-01T03:00:00Z', '2026-06-01T14:00:00.000Z'],
    ['2:30, 14:00', '2026-06-01T15:00:00Z', '2026-06-02T02:30:00.000Z'],
    ['0 12 * * 1-5', '2026-06-05T13:00:00Z', '2026-06-08T12:00:00.000Z'],
    ['0 2,14 * * *', '2026-06-01T03:00:00Z', '2026-06-01T14:00:00.000Z'],
    ['30 0 12 * * *', '2026-06-01T00:00:00Z', '2026-06-01T12:00:30.000Z'],
    ['2:30; 0 12 * * 1', '2026-06-01T03:00:00Z', '2026-06-01T12:00:00.000Z'],
  ])('%s, after %s: %s', (written, at, next) => {
    expect(nextOf(written, at)).toBe(next);
  });

  it('are those of the time zone, also where clocks are changed', () => {
    expect(nextOf('2:30', '2026-06-01T00:00:00Z', 'Europe/Berlin')).toBe('2026-06-01T00:30:00.000Z');
    // That half hour is left out: it is done within the same night.
    const missing = nextOf('2:30', '2026-03-28T20:00:00Z', 'Europe/Berlin') ?? '';
    expect(missing.slice(0, 13)).toBe('2026-03-29T01');
  });

  it('may never come', () => {
    expect(nextOf('0 0 30 2 *', '2026-06-01T00:00:00Z')).toBeUndefined();
  });

  it.each(['', 'noon', '24:00', '2:60', '2:3', '2', '0 2 * *', '61 2 * * *', '2:30;x'])(
    'are not: "%s"',
    (written) => {
      expect(parseExecutionTimes(written)).toHaveProperty(
        'fault',
        expect.stringContaining('must be a time of day'),
      );
    },
  );

  it('are waited for, through a clock that is put right meanwhile, and no longer than the signal allows', async () => {
    let now = Date.parse('2026-06-01T02:00:00Z');
    const clock = { now: () => new Date(now), sleep: async (ms: number) => void (now += ms) };
    const times = executionTimes('2:30', 'UTC');
    expect((await times.untilNext(clock, new AbortController().signal))?.toISOString()).toBe(
      '2026-06-01T02:30:00.000Z',
    );
    expect(now).toBe(Date.parse('2026-06-01T02:30:00Z'));
    expect(await times.untilNext(clock, AbortSignal.abort())).toBeUndefined();
    expect(times.describe()).toBe('02:30:00 (UTC)');
  });
});
