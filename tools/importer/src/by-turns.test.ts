import { describe, expect, it } from '@jest/globals';
import { byTurns } from './by-turns.ts';

describe('taking turns', () => {
  it('lets nobody in while another holds one of the keys, and nobody wait for ever', async () => {
    const turns = byTurns();
    const inside = new Set<string>();
    let most = 0;
    const visit = (...keys: string[]) =>
      turns.holding(keys, async () => {
        for (const key of keys) {
          expect(inside.has(key)).toBe(false);
          inside.add(key);
        }
        most = Math.max(most, inside.size);
        await new Promise((resolve) => setImmediate(resolve));
        for (const key of keys) inside.delete(key);
      });
    await Promise.all([visit('a', 'b'), visit('b', 'a'), visit('b', 'c'), visit('c', 'a'), visit('d')]);
    expect(most).toBeGreaterThan(2);
  });

  it('gives the keys free when the work fails', async () => {
    const turns = byTurns();
    await expect(turns.holding(['a'], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await turns.holding(['a'], () => Promise.resolve(1))).toBe(1);
  });
});
