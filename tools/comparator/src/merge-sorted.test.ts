import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mergeSorted } from './merge-sorted.ts';

const keys = fc.uniqueArray(fc.stringMatching(/^[1-9.]{1,4}$/));
const mapOf = (list: readonly string[]) => new Map(list.map((key) => [key, key]));

describe('two listings in step', () => {
  it('meet every key once, in order, with what each side has', () => {
    fc.assert(
      fc.property(keys, keys, (ours, theirs) => {
        const met = [...mergeSorted(mapOf(ours), mapOf(theirs))];
        expect(met.map(({ key }) => key)).toEqual([...new Set([...ours, ...theirs])].sort());
        for (const { key, here, there } of met) {
          expect(here).toBe(ours.includes(key) ? key : undefined);
          expect(there).toBe(theirs.includes(key) ? key : undefined);
        }
      }),
    );
  });
});
