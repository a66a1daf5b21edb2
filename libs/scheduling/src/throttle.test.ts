import { describe, expect, it } from '@jest/globals';
import { bandwidthTimetable, parseBandwidth } from './bandwidth-timetable.ts';
import type { Clock } from './clock.ts';
import { openThrottle } from './throttle.ts';

const mega = 1024 ** 2;

function timetable(written: string, timeZone = 'UTC') {
  const parsed = parseBandwidth(written);
  if ('fault' in parsed) throw new Error(parsed.fault);
  return bandwidthTimetable(parsed.entries, timeZone);
}

const faultOf = (written: string) => {
  const parsed = parseBandwidth(written);
  return 'fault' in parsed ? parsed.fault : undefined;
};

const at = (moment: string) => Date.parse(moment);

/** Passes over every sleep at once. */
function quickClock(start: string): Clock {
  let now = at(start);
  return {
    now: () => new Date(now),
    async sleep(ms, signal) {
      await Promise.resolve();
      if (signal?.aborted !== true) now += ms;
    },
  };
}

describe('a timetable of rates', () => {
  it('is one rate, or none', () => {
    expect(timetable('10M').rateAt(0)).toBe(10 * mega);
    expect(timetable('off').rateAt(0)).toBeUndefined();
  });

  it('holds each rate until the next, each day, and over midnight', () => {
    const { rateAt } = timetable('08:00,512k 19:00,10M 23:00,off');
    const rates = ['07:59:59', '08:00:00', '18:59:59', '19:00:00', '23:00:00'].map((time) =>
      rateAt(at(`2026-07-15T${time}Z`)),
    );
    expect(rates).toEqual([undefined, 512 * 1024, 512 * 1024, 10 * mega, undefined]);
  });

  it('knows days of the week, which win over those of every day, and the time zone with its changes', () => {
    const { rateAt } = timetable('08:00,1M Saturday-08:00,off sun-20:00,2M', 'Europe/Berlin');
    // A Wednesday in summer, one in winter, a Saturday, a Sunday evening.
    expect(rateAt(at('2026-07-15T05:59:00Z'))).toBe(1 * mega);
    expect(rateAt(at('2026-07-18T05:59:00Z'))).toBe(1 * mega);
    expect(rateAt(at('2026-07-18T06:00:00Z'))).toBeUndefined();
    expect(rateAt(at('2026-12-19T06:59:00Z'))).toBe(1 * mega);
    expect(rateAt(at('2026-12-19T07:00:00Z'))).toBeUndefined();
    expect(rateAt(at('2026-07-19T18:00:00Z'))).toBe(2 * mega);
    expect(rateAt(at('2026-07-20T05:00:00Z'))).toBe(2 * mega);
  });

  it('tells when bytes are through, across a change', () => {
    const { through } = timetable('08:00,1M 19:00,2M');
    const before = at('2026-07-15T18:59:58Z');
    expect(through(2 * mega, before) - before).toBe(2000);
    expect(through(6 * mega, before) - before).toBe(4000);
  });

  it.each([
    '',
    '10',
    '0',
    '10X',
    '1k',
    '08:00',
    '25:00,1M',
    '08:61,1M',
    'Foo-08:00,1M',
    '10M:1M',
    '08:00,1M 5M',
  ])('refuses "%s"', (written) => {
    expect(faultOf(written)).toMatch(/^must /);
  });
});

describe('a throttle', () => {
  it('lets no more pass than the rate allows, whoever takes', async () => {
    const clock = quickClock('2026-07-15T12:00:00Z');
    const started = clock.now().getTime();
    const { take } = openThrottle(timetable('1M'), clock);
    for (let piece = 0; piece < 80; piece += 1) await Promise.all([take(mega / 16), take(mega / 16)]);
    const passedMs = clock.now().getTime() - started;
    expect(passedMs).toBeGreaterThanOrEqual(9800);
    expect(passedMs).toBeLessThanOrEqual(10_000);
  });

  it('changes its rate at the moment of the timetable', async () => {
    const clock = quickClock('2026-07-15T18:59:58Z');
    const { take } = openThrottle(timetable('08:00,1M 19:00,4M 23:00,off'), clock);
    const passed = [0, 0, 0, 0];
    while (clock.now().getTime() < at('2026-07-15T19:00:02Z')) {
      await take(mega / 16);
      const second = Math.floor((clock.now().getTime() - at('2026-07-15T18:59:58Z')) / 1000);
      passed[second] = (passed[second] ?? 0) + 1 / 16;
    }
    expect(passed.slice(0, 4).map(Math.round)).toEqual([1, 1, 4, 4]);
  });

  it('waits for nobody who is to stop', async () => {
    const clock = quickClock('2026-07-15T12:00:00Z');
    const { take } = openThrottle(timetable('64k'), clock);
    await take(64 * mega);
    const started = clock.now().getTime();
    await take(1, AbortSignal.abort());
    expect(clock.now().getTime()).toBe(started);
  });
});
