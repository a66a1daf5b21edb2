import { describe, expect, it } from '@jest/globals';
import type { Clock } from './clock.ts';
import { parseRunSchedule } from './parse-run-schedule.ts';
import { alwaysOpen, weeklySchedule } from './weekly-schedule.ts';
import type { WeeklySchedule } from './weekly-schedule.ts';

function scheduleOf(hours: Record<string, string[]>, timeZone = 'UTC'): WeeklySchedule {
  const schedule = parseRunSchedule(JSON.stringify(hours));
  if ('fault' in schedule) throw new Error(schedule.fault);
  return weeklySchedule({ periods: schedule.periods, timeZone });
}

// 2026-06-01 is a Monday.
const day = (name: 'Mon' | 'Tue' | 'Wed' | 'Thu' | 'Fri' | 'Sat' | 'Sun', time: string) => {
  const date = 1 + ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(name);
  return new Date(`2026-06-0${date}T${time}:00Z`);
};

/** A clock that passes over the time it is asked to sleep. */
function leapingClock(start: Date, onSleep?: () => void): Clock & { readonly sleeps: number[] } {
  let now = start.getTime();
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => new Date(now),
    sleep(ms) {
      sleeps.push(ms);
      now += ms;
      onSleep?.();
      return Promise.resolve();
    },
  };
}

describe('a weekly schedule', () => {
  it('is open on the last day of a range, Friday and Sunday included', () => {
    const schedule = scheduleOf({ 'Monday-Friday': ['0-7', '18-24'], 'Saturday-Sunday': ['0-24'] });
    expect(schedule.isOpen(day('Fri', '06:59'))).toBe(true);
    expect(schedule.isOpen(day('Fri', '18:00'))).toBe(true);
    expect(schedule.isOpen(day('Sat', '12:00'))).toBe(true);
    expect(schedule.isOpen(day('Sun', '23:59'))).toBe(true);
    expect(schedule.isOpen(day('Fri', '12:00'))).toBe(false);
  });

  it('opens with its first minute and closes with the first one after it', () => {
    const schedule = scheduleOf({ Monday: ['9:15-10:45'] });
    expect(schedule.isOpen(day('Mon', '09:14'))).toBe(false);
    expect(schedule.isOpen(day('Mon', '09:15'))).toBe(true);
    expect(schedule.isOpen(day('Mon', '10:44'))).toBe(true);
    expect(schedule.isOpen(day('Mon', '10:45'))).toBe(false);
  });

  it('carries a night over midnight, and the night of Sunday into Monday', () => {
    const schedule = scheduleOf({ Friday: ['18:30-6'], Sunday: ['22-6'] });
    expect(schedule.isOpen(day('Fri', '05:00'))).toBe(false);
    expect(schedule.isOpen(day('Sat', '05:59'))).toBe(true);
    expect(schedule.isOpen(day('Sat', '06:00'))).toBe(false);
    expect(schedule.isOpen(day('Mon', '05:59'))).toBe(true);
    expect(schedule.isOpen(day('Mon', '06:00'))).toBe(false);
  });

  it('lets a range of days go over the end of the week', () => {
    const schedule = scheduleOf({ 'Saturday-Monday': ['12-13'] });
    const open = (['Mon', 'Tue', 'Fri', 'Sat', 'Sun'] as const).map((name) =>
      schedule.isOpen(day(name, '12:30')),
    );
    expect(open).toEqual([true, false, false, true, true]);
  });

  it('does not close between hours that touch', () => {
    const schedule = scheduleOf({ 'Monday-Friday': ['0-6', '19-24'], 'Saturday-Sunday': ['0-24'] });
    expect(schedule.nextClosing(day('Fri', '20:00'))).toEqual(new Date('2026-06-08T06:00:00Z'));
  });

  it('knows the next opening and closing from both sides', () => {
    const schedule = scheduleOf({ 'Monday-Friday': ['19-24'] });
    expect(schedule.nextOpening(day('Mon', '20:00'))).toEqual(day('Mon', '20:00'));
    expect(schedule.nextOpening(day('Sat', '00:00'))).toEqual(new Date('2026-06-08T19:00:00Z'));
    expect(schedule.nextClosing(day('Mon', '20:00'))).toEqual(day('Tue', '00:00'));
    expect(schedule.nextClosing(day('Mon', '08:00'))).toEqual(day('Tue', '00:00'));
  });

  it('has no closing when it is open all week, and no opening when it has no hours', () => {
    expect(scheduleOf({ 'Monday-Sunday': ['0-24'] }).nextClosing(day('Mon', '08:00'))).toBeUndefined();
    const never = weeklySchedule({ periods: [], timeZone: 'UTC' });
    expect(never.nextOpening(day('Mon', '08:00'))).toBeUndefined();
    expect(never.nextClosing(day('Mon', '08:00'))).toBeUndefined();
  });

  it('describes itself by days with the same hours', () => {
    const schedule = scheduleOf(
      { 'Monday-Friday': ['18:30-6'], Saturday: ['0-24'], Sunday: ['0-24'] },
      'Europe/Berlin',
    );
    expect(schedule.describe()).toBe('Monday-Friday 18:30-06:00, Saturday-Sunday all day (Europe/Berlin)');
    expect(scheduleOf({ Tuesday: ['18-24', '0-7'] }).describe()).toBe(
      'Tuesday 00:00-07:00 and 18:00-24:00 (UTC)',
    );
  });
});

describe('a schedule in a time zone', () => {
  const berlin = scheduleOf({ 'Monday-Sunday': ['19-6'] }, 'Europe/Berlin');

  it('follows the wall clock of the zone, in winter and in summer', () => {
    expect(berlin.nextOpening(new Date('2026-01-15T12:00:00Z'))).toEqual(new Date('2026-01-15T18:00:00Z'));
    expect(berlin.nextOpening(new Date('2026-07-15T12:00:00Z'))).toEqual(new Date('2026-07-15T17:00:00Z'));
  });

  it('closes at the same hour of the wall clock after the clocks were changed in the night', () => {
    expect(berlin.nextClosing(new Date('2026-03-28T20:00:00Z'))).toEqual(new Date('2026-03-29T04:00:00Z'));
    expect(berlin.nextClosing(new Date('2026-10-24T20:00:00Z'))).toEqual(new Date('2026-10-25T05:00:00Z'));
  });

  it('begins with the clock change what would begin in the hour left out', () => {
    const schedule = scheduleOf({ Sunday: ['2:30-5'] }, 'Europe/Berlin');
    expect(schedule.nextOpening(new Date('2026-03-28T12:00:00Z'))).toEqual(new Date('2026-03-29T01:00:00Z'));
  });

  it('waits another week for hours that lie in the hour left out', () => {
    const schedule = scheduleOf({ Sunday: ['2-3'] }, 'Europe/Berlin');
    expect(schedule.nextOpening(new Date('2026-03-28T12:00:00Z'))).toEqual(new Date('2026-04-05T00:00:00Z'));
  });

  it('counts the repeated hour both times', () => {
    const schedule = scheduleOf({ Sunday: ['2-2:30'] }, 'Europe/Berlin');
    const first = new Date('2026-10-25T00:00:00Z');
    expect(schedule.nextOpening(new Date('2026-10-24T12:00:00Z'))).toEqual(first);
    expect(schedule.nextClosing(first)).toEqual(new Date('2026-10-25T00:30:00Z'));
    expect(schedule.nextOpening(new Date('2026-10-25T00:30:00Z'))).toEqual(new Date('2026-10-25T01:00:00Z'));
  });

  it.each([
    ['Europe/Berlin', '2026-03-27'],
    ['Europe/Berlin', '2026-10-23'],
    ['America/New_York', '2026-10-30'],
    ['Australia/Lord_Howe', '2026-04-03'],
    ['Asia/Kathmandu', '2026-05-01'],
  ])('names in %s, from %s on, the very minutes at which it opens and closes', (zone, from) => {
    const schedule = scheduleOf({ 'Friday-Sunday': ['1:45-2:15', '22:30-1:15'], Monday: ['2-4'] }, zone);
    const start = new Date(`${from}T00:00:00Z`).getTime();
    let [opens, closes] = [schedule.nextOpening(new Date(start)), schedule.nextClosing(new Date(start))];
    for (let at = start; at < start + 4 * 86_400_000; at += 60_000) {
      const now = new Date(at);
      if (opens && opens < now) opens = schedule.nextOpening(now);
      if (closes && closes <= now) closes = schedule.nextClosing(now);
      const isOpen = opens !== undefined && opens <= now;
      expect([now.toISOString(), isOpen]).toEqual([now.toISOString(), schedule.isOpen(now)]);
      if (isOpen) expect(closes && closes > now).toBe(true);
      if (closes) expect(schedule.isOpen(closes)).toBe(false);
    }
  });
});

describe('untilOpen', () => {
  const night = scheduleOf({ 'Monday-Sunday': ['19-6'] });

  it('sleeps once, to the very moment of the opening', async () => {
    const clock = leapingClock(day('Mon', '08:00'));
    await night.untilOpen(clock, new AbortController().signal);
    expect(clock.sleeps).toEqual([11 * 3_600_000]);
  });

  it('does not sleep when it is open', async () => {
    const clock = leapingClock(day('Mon', '20:00'));
    await night.untilOpen(clock, new AbortController().signal);
    await alwaysOpen.untilOpen(clock, new AbortController().signal);
    expect(clock.sleeps).toEqual([]);
  });

  it('sleeps again when it was woken too early', async () => {
    const clock = leapingClock(day('Mon', '18:00'));
    const early: Clock = { now: clock.now, sleep: (ms) => clock.sleep(ms / 2 > 1000 ? ms / 2 : ms) };
    await night.untilOpen(early, new AbortController().signal);
    expect(clock.now()).toEqual(day('Mon', '19:00'));
  });

  it('ends when the signal is aborted, though it is still closed', async () => {
    const stop = new AbortController();
    const never = weeklySchedule({ periods: [], timeZone: 'UTC' });
    const clock = leapingClock(day('Mon', '08:00'), () => {
      stop.abort();
    });
    await never.untilOpen(clock, stop.signal);
    expect(clock.sleeps).toHaveLength(1);
  });
});
