import { describe, expect, it } from '@jest/globals';
import { isDate } from './is-date.ts';

describe('a date', () => {
  it.each(['20000101', '20240229', '19991231'])('is one: %s', (text) => {
    expect(isDate(text)).toBe(true);
  });
  it.each(['', '0', '00000000', '00500101', '2024', '20240230', '20230229', '2024-01-01', '20241301'])(
    'is none: "%s"',
    (text) => {
      expect(isDate(text)).toBe(false);
    },
  );
});
