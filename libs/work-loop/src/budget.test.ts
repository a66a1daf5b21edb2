import { describe, expect, it } from '@jest/globals';
import { openBudget } from './budget.ts';

const settled = async (promise: Promise<void>) =>
  Promise.race([
    promise.then(() => true),
    Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => false),
  ]);

describe('openBudget', () => {
  it('lets in what fits and holds back the rest until bytes are given back', async () => {
    const budget = openBudget(100);
    await budget.take(60);
    expect(budget.isShort(40)).toBe(false);
    expect(budget.isShort(41)).toBe(true);
    const second = budget.take(50);
    expect(await settled(second)).toBe(false);
    budget.give(60);
    expect(await settled(second)).toBe(true);
  });

  it('lets in an image larger than the whole budget, alone', async () => {
    const budget = openBudget(100);
    await budget.take(500);
    expect(budget.isShort(1)).toBe(true);
    budget.give(500);
    expect(budget.isShort(100)).toBe(false);
  });

  it('keeps the order, so that a large one is not starved by small ones', async () => {
    const budget = openBudget(100);
    await budget.take(90);
    const large = budget.take(95);
    const small = budget.take(5);
    expect(await settled(small)).toBe(false);
    budget.give(90);
    expect(await settled(large)).toBe(true);
    expect(await settled(small)).toBe(true);
  });

  it('gives back what was spent when the work has ended, well or not', async () => {
    const budget = openBudget(1);
    expect(
      await budget.spend(1, () => {
        expect(budget.isShort(1)).toBe(true);
        return Promise.resolve('done');
      }),
    ).toBe('done');
    await expect(budget.spend(1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(budget.isShort(1)).toBe(false);
  });
});
