import { describe, expect, it } from '@jest/globals';
import { sideBySide } from './side-by-side.ts';

describe('sideBySide', () => {
  it('works on each item once, never on more than so many at a time', async () => {
    let [atWork, most] = [0, 0];
    const done: number[] = [];
    await sideBySide([1, 2, 3, 4, 5], 2, async (item) => {
      atWork += 1;
      most = Math.max(most, atWork);
      await Promise.resolve();
      atWork -= 1;
      done.push(item);
    });
    expect(done.toSorted()).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(2);
  });
  it('begins nothing more once something has failed, and rejects when all under way has ended', async () => {
    const begun: number[] = [];
    let ended = 0;
    const failing = sideBySide([1, 2, 3, 4, 5], 2, async (item) => {
      begun.push(item);
      if (item === 1) throw new Error('no');
      await Promise.resolve();
      await Promise.resolve();
      ended += 1;
    });
    await expect(failing).rejects.toThrow('no');
    expect([begun, ended]).toEqual([[1, 2], 1]);
  });

  it('rejects with what failed', async () => {
    const failing = sideBySide([1, 2], 1, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
  });
});
