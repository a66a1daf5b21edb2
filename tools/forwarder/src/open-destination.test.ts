import { describe, expect, it } from '@jest/globals';
import { assuranceOf } from './open-destination.ts';

describe('what is known before anything is deleted', () => {
  it.each([
    [undefined, 'hash', 'hash'],
    [undefined, 'image', 'image'],
    [undefined, 'none', 'unprovable'],
    ['none', 'none', 'none'],
    ['none', 'hash', 'none'],
    ['count', 'image', 'count'],
    ['count', 'none', 'unprovable'],
    ['hash', 'image', 'unprovable'],
  ] as const)('ordered %s, possible %s: %s', (ordered, strength, expected) => {
    expect(assuranceOf(ordered, strength)).toBe(expected);
  });
});
