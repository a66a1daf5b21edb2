import { describe, expect, it } from '@jest/globals';
import { matchNumbers } from './match-numbers.ts';

const names = (pairs: Record<string, number>) => new Map(Object.entries(pairs));

describe('numbers of user metadata', () => {
  it('are the same on both sides where neither has named them', () => {
    const match = matchNumbers(names({}), names({}));
    expect([match.toDestination(1024), match.toSource(1024), match.isClash(1024)]).toEqual([
      1024,
      1024,
      false,
    ]);
  });

  it('follow their names', () => {
    const match = matchNumbers(names({ triage: 1030, '1030': 1030 }), names({ triage: 1044, '1044': 1044 }));
    expect([match.toDestination(1030), match.toSource(1044), match.isClash(1030)]).toEqual([
      1044,
      1030,
      false,
    ]);
  });

  it('clash where the destination means something else by one', () => {
    const match = matchNumbers(names({ triage: 1030 }), names({ priority: 1030 }));
    expect(match.isClash(1030)).toBe(true);
    expect(match.isClash(1031)).toBe(false);
  });

  it('do not clash where only the source has named one', () => {
    expect(matchNumbers(names({ triage: 1030 }), names({})).isClash(1030)).toBe(false);
  });
});
