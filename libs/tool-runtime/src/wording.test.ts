import { describe, expect, it } from '@jest/globals';
import { counted, inBytes, inTime, inWords } from './wording.ts';

describe('wording', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [1_234_567, '1.2 MB'],
    [123_456_789, '123 MB'],
    [999_999_999, '1.0 GB'],
    [7e18, '7000 PB'],
  ])('%d bytes are %s', (bytes, words) => {
    expect(inBytes(bytes)).toBe(words);
  });

  it.each([
    [0, '0s'],
    [59_400, '59s'],
    [60_000, '1m'],
    [3_723_000, '1h 2m'],
    [90_061_000, '1d 1h'],
    [86_400_000, '1d'],
  ])('%d ms are %s', (milliseconds, words) => {
    expect(inTime(milliseconds)).toBe(words);
  });

  it('counts one and many', () => {
    const study = ['study', 'studies'] as const;
    expect([counted(1, study), counted(1200, study)]).toEqual(['1 study', '1,200 studies']);
  });

  it('makes words of a key', () => {
    expect(inWords('setAsideInstances')).toBe('set aside instances');
  });
});
