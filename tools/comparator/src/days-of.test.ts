import { describe, expect, it } from '@jest/globals';
import { daysOf } from './days-of.ts';

const now = new Date('2026-11-29T12:00:00Z');
const none = {
  daysToCompare: undefined,
  executionTime: undefined,
  fromStudyDate: undefined,
  toStudyDate: undefined,
  timezone: 'UTC',
};
const dates = { fromStudyDate: '20220201', toStudyDate: '2022-03-02' };

describe('the days that are compared', () => {
  it.each([
    ['dates', dates, '20220201', '20220302'],
    ['the last days', { daysToCompare: 7 }, '20261122', '20261129'],
    ['dates, when both are given', { ...dates, daysToCompare: 7 }, '20220201', '20220302'],
    [
      'the last days, when both are given and it is made again and again',
      { ...dates, daysToCompare: 7, executionTime: '02:00' },
      '20261122',
      '20261129',
    ],
  ])('are %s', (_, given, from, to) => {
    expect(daysOf({ ...none, ...given }, now)).toEqual({ from, to });
  });

  it('have to be given', () => {
    expect(() => daysOf(none, now)).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }));
  });
});
