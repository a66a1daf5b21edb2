import { describe, expect, it } from '@jest/globals';
import { readMoment } from './date-time.ts';

describe('a time stamp with an offset', () => {
  it.each([
    ['20260115120000+0100', 'Europe/Brussels', { date: '20260115', time: '120000' }],
    ['20260715120000+0100', 'Europe/Brussels', { date: '20260715', time: '130000' }],
    ['202601152330-0500', 'Europe/Brussels', { date: '20260116', time: '053000' }],
    ['20260101003000.1234+0200', 'UTC', { date: '20251231', time: '223000' }],
    ['2026-01-15T12:00:00Z', 'Asia/Kolkata', { date: '20260115', time: '173000' }],
    ['2026-01-15T12:00+01:00', 'UTC', { date: '20260115', time: '110000' }],
    // The hour that there is twice when the clocks go back.
    ['20261025003000+0000', 'Europe/Brussels', { date: '20261025', time: '023000' }],
    ['20261025013000+0000', 'Europe/Brussels', { date: '20261025', time: '023000' }],
  ])('%s is, in %s, %j', (text, timeZone, moment) => {
    expect(readMoment(text, timeZone)).toEqual(moment);
  });

  it.each([
    ['20260115120000+0100', undefined],
    ['20260115120000', 'Asia/Kolkata'],
    ['20260115120000+9900', 'Asia/Kolkata'],
  ])('%s stays as it is written, with %s', (text, timeZone) => {
    expect(readMoment(text, timeZone)).toEqual({ date: '20260115', time: '120000' });
  });

  it('stays a day where no time is told', () => {
    expect(readMoment('20260115+0100', 'Asia/Kolkata')).toEqual({ date: '20260115', time: '' });
  });
});
