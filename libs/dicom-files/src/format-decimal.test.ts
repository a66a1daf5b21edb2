import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatDecimal } from './format-decimal.ts';

it.each([
  [1.25, '1.25'],
  [-1024, '-1024'],
  [1 / 3, '0.33333333333333'],
  [1e-7 / 3, '3.33333333333e-8'],
  [123456789012345680000, '1.2345678901e+20'],
])('writes %d as %s', (value, text) => {
  expect(formatDecimal(value)).toBe(text);
});

it('never needs more than 16 characters, and stays close', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }), (value) => {
      const text = formatDecimal(value);
      expect(text.length).toBeLessThanOrEqual(16);
      expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-8 + Number.MIN_VALUE);
    }),
  );
});
