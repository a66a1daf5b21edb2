import { describe, expect, it } from '@jest/globals';
import { ageLimit, dayIn, isMomentOver, isStudyOver } from './wall-clock.ts';

const at = (now: string, timeZone = 'UTC') => ({ now: new Date(now), timeZone });

describe('the limit of an age', () => {
  it.each([
    [{ count: 6, unit: 'weeks' }, '2026-11-28T10:00:00Z', '20261017'],
    [{ count: 0, unit: 'days' }, '2026-11-28T00:00:00Z', '20261128'],
    [{ count: -6, unit: 'weeks' }, '2026-11-28T10:00:00Z', '20270109'],
    [{ count: 1, unit: 'months' }, '2026-03-31T10:00:00Z', '20260228'],
    [{ count: 1, unit: 'years' }, '2024-02-29T10:00:00Z', '20230228'],
    [{ count: 14, unit: 'months' }, '2026-01-15T10:00:00Z', '20241115'],
    [{ count: 36, unit: 'hours' }, '2026-03-01T10:00:30Z', '20260227220030'],
  ] as const)('of %j at %s is %s', (age, now, limit) => {
    expect(ageLimit(age, at(now)).limit).toBe(limit);
  });

  it('goes by the calendar of its zone', () => {
    const day = { count: 1, unit: 'days' } as const;
    expect(ageLimit(day, at('2026-06-01T23:30:00Z', 'Europe/Berlin')).limit).toBe('20260601');
    expect(ageLimit(day, at('2026-06-01T23:30:00Z', 'America/New_York')).limit).toBe('20260531');
  });
});

const days = ageLimit({ count: 10, unit: 'days' }, at('2026-06-11T12:00:00Z', 'Europe/Berlin'));
const hours = ageLimit({ count: 12, unit: 'hours' }, at('2026-06-01T22:00:00Z'));

describe('a study', () => {
  it.each([
    ['20260531', '', days, true],
    ['20260601', '', days, true],
    ['20260602', '', days, false],
    ['', '', days, false],
    ['20260230', '', days, false],
    ['2026.05.31', '', days, false],
    ['not a date', '', days, false],
    ['20260601', '100000', hours, true],
    ['20260601', '100001.5', hours, false],
    ['20260601', '0959', hours, true],
    ['20260601', '10', hours, false],
    ['20260601', '', hours, false],
    ['20260531', '', hours, true],
    ['20260531', '99', hours, true],
  ])('of %s %s: %#', (date, time, limit, isOver) => {
    expect(isStudyOver(date, time, limit)).toBe(isOver);
  });
});

describe('a study of an hour that comes twice, on the night on which clocks go back', () => {
  const hoursAt = (now: string) => ageLimit({ count: 24, unit: 'hours' }, at(now, 'Europe/Berlin'));
  it.each([
    // 02:30 is 00:30 or 01:30 of UTC: 23 hours and a quarter may be all that it is old.
    ['20261025', '023000', '2026-10-26T00:45:00Z', false],
    ['20261025', '023000', '2026-10-26T01:29:59Z', false],
    ['20261025', '023000', '2026-10-26T01:30:00Z', true],
    ['20261025', '015959', '2026-10-26T00:00:00Z', true],
    ['20261025', '030000', '2026-10-26T01:59:59Z', false],
    ['20261025', '030000', '2026-10-26T02:00:00Z', true],
    // The evening before is as old as ever.
    ['20261024', '120000', '2026-10-25T10:00:00Z', true],
    // An hour that no clock has shown.
    ['20260329', '023000', '2026-03-30T01:29:59Z', false],
    ['20260329', '023000', '2026-03-30T01:30:00Z', true],
  ])('%s %s at %s: %s', (date, time, now, isOver) => {
    expect(isStudyOver(date, time, hoursAt(now))).toBe(isOver);
  });
});

describe('an update', () => {
  it.each([
    ['2026-05-31T21:59:59Z', days, true],
    // That is the first of June in Berlin.
    ['2026-05-31T22:00:00Z', days, false],
    ['2026-06-01T09:59:59Z', hours, true],
    ['2026-06-01T10:00:00Z', hours, false],
  ])('at %s: %#', (moment, limit, isOver) => {
    expect(isMomentOver(Date.parse(moment), limit)).toBe(isOver);
  });

  it('of which nothing is known is never over', () => {
    expect(isMomentOver(undefined, days)).toBe(false);
  });
});

it('a day is one that the calendar has', () => {
  expect(['20240229', ' 20240229', '20230229', '20241301', '00010101', '2024', ''].map(dayIn)).toEqual([
    '20240229',
    '20240229',
    undefined,
    undefined,
    '00010101',
    undefined,
    undefined,
  ]);
});
