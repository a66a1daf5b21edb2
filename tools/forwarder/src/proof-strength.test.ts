import { describe, expect, it } from '@jest/globals';
import { suffices } from './proof-strength.ts';

describe('a proof that was given once', () => {
  it.each([
    ['none', undefined, false],
    ['none', 'none', true],
    ['none', 'hash', false],
    ['count', undefined, false],
    ['count', 'count', true],
    ['count', 'image', false],
    ['image', undefined, true],
    ['image', 'count', true],
    ['image', 'hash', false],
    ['id', 'hash', true],
    ['id+md5', 'hash', true],
    ['id+md5', undefined, true],
    ['something else', 'none', false],
  ] as const)('(%s) where %s is ordered is enough: %s', (proof, ordered, expected) => {
    expect(suffices(proof, ordered)).toBe(expected);
  });
});
