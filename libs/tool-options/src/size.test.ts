import { describe, expect, it } from '@jest/globals';
import { parseSize } from './size.ts';

const giga = 1024 ** 3;

describe('a size', () => {
  it.each([
    ['400GB', 400 * giga],
    ['1.5 gb', 1.5 * giga],
    ['12MB', 12 * 1024 ** 2],
    ['400', undefined],
    ['80%', undefined],
    ['GB', undefined],
  ])('is read from %s', (written, bytes) => {
    expect(parseSize(written)).toBe(bytes);
  });
});
