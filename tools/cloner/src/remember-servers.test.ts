import { describe, expect, it } from '@jest/globals';
import { hasLost } from './remember-servers.ts';

describe('hasLost', () => {
  it.each([
    ['was emptied', { proved: 100, source: 100, destination: 0 }, true],
    ['lacks one', { proved: 100, source: 100, destination: 99 }, true],
    ['holds all', { proved: 100, source: 100, destination: 100 }, false],
    ['holds others too', { proved: 100, source: 150, destination: 120 }, false],
    ['deletes what is old, as the source does', { proved: 100, source: 40, destination: 40 }, false],
    ['was never filled', { proved: 0, source: 100, destination: 0 }, false],
  ])('of a destination that %s', (_, held, expected) => {
    expect(hasLost(held)).toBe(expected);
  });
});
