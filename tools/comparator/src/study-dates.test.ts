import { describe, expect, it } from '@jest/globals';
import { dayBefore, parseStudyDate } from './study-dates.ts';

describe('a study date', () => {
  it.each([
    ['20240229', '20240229'],
    ['2024-02-29', '20240229'],
    [' 20240101 ', '20240101'],
  ])('is read from "%s"', (written, date) => {
    expect(parseStudyDate(written)).toBe(date);
  });

  it.each(['20230229', '2024', '20241301', '01.02.2024', '', '00000101', '00500101', '0'])(
    'is not "%s"',
    (written) => {
      expect(parseStudyDate(written)).toBeUndefined();
    },
  );
});

describe('today', () => {
  it('is what the clock of the time zone says', () => {
    const at = new Date('2026-03-01T23:30:00Z');
    expect(dayBefore(at, 0, 'UTC')).toBe('20260301');
    expect(dayBefore(at, 0, 'Europe/Berlin')).toBe('20260302');
    expect(dayBefore(at, 2, 'UTC')).toBe('20260227');
  });
});
