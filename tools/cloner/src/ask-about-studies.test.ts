import { describe, expect, it } from '@jest/globals';
import type { Statistics, SystemFacts } from '@orthanc-tools/orthanc-client';
import { askAboutStudies, perSearch, studiesToAskAbout } from './ask-about-studies.ts';

describe('studies', () => {
  it.each([
    ['few', { studies: 50, instances: 1000 }, 10],
    ['many small ones', { studies: 5000, instances: 100_000 }, 70],
    ['no more than are held at once', { studies: 1_000_000, instances: 2_000_000 }, 100],
    ['fewer large ones', { studies: 5000, instances: 1_000_000 }, 15],
    ['very large ones', { studies: 5000, instances: 5_000_000 }, 10],
    ['none', { studies: 0, instances: 0 }, 10],
  ])('are asked about together, where each question searches through all: %s', (_, held, expected) => {
    expect(perSearch(held)).toBe(expected);
  });

  it.each([
    [true, 70],
    [false, 10],
  ])('are asked about by the dozen otherwise (searches: %s)', async (searchesForEach, expected) => {
    const server = {
      system: () => Promise.resolve({ searchesForEach } as SystemFacts),
      statistics: () => Promise.resolve({ studies: 5000, instances: 100_000 } as Statistics),
    };
    expect(await studiesToAskAbout(server)).toBe(expected);
  });

  it('are each asked about once', async () => {
    const asked: (readonly number[])[] = [];
    const all = Array.from({ length: 25 }, (_, n) => n);
    await askAboutStudies(all, (some) => Promise.resolve(void asked.push(some)));
    expect(asked.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(asked.flat()).toEqual(all);
  });
});
