import { describe, expect, it } from '@jest/globals';
import { gatherPages } from './gather-pages.ts';

async function* pagesAt(clock: { ms: number }, pages: readonly (readonly [at: number, page: number[]])[]) {
  for (const [at, page] of pages) {
    clock.ms = at;
    yield await Promise.resolve(page);
  }
}

async function gathered(pages: readonly (readonly [at: number, page: number[]])[]) {
  const clock = { ms: 0 };
  const told: (readonly number[])[] = [];
  for await (const page of gatherPages(pagesAt(clock, pages), 4, () => clock.ms)) told.push(page);
  return told;
}

describe('gathering pages', () => {
  it('gives the first as it comes, and then so many at a time', async () => {
    expect(
      await gathered([
        [0, [1]],
        [1, [2, 3]],
        [2, [4, 5]],
        [3, [6]],
      ]),
    ).toEqual([[1], [2, 3, 4, 5], [6]]);
  });

  it('does not wait long for more', async () => {
    expect(
      await gathered([
        [0, [1]],
        [1, [2]],
        [150, [3]],
        [151, [4]],
      ]),
    ).toEqual([[1], [2, 3], [4]]);
  });
});
