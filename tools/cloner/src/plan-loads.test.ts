import { describe, expect, it } from '@jest/globals';
import { planLoads } from './plan-loads.ts';

const images = (count: number, size: number) =>
  Array.from({ length: count }, (_, n) => ({ id: String(n), seriesId: 's', size, md5: undefined }));

const countsIn = (loads: ReturnType<typeof planLoads<string>>) =>
  loads.map((load) => [load.length, ...new Set(load.map(({ owner }) => owner))]);

describe('loads of jobs', () => {
  it('take small studies together', () => {
    const loads = planLoads([
      { owner: 'a', missing: images(3, 1000) },
      { owner: 'b', missing: [] },
      { owner: 'c', missing: images(2, 1000) },
    ]);
    expect(countsIn(loads)).toEqual([[5, 'a', 'c']]);
  });

  it('end after so many instances', () => {
    const studies = [
      { owner: 'a', missing: images(700, 1000) },
      { owner: 'b', missing: images(400, 1000) },
    ];
    expect(countsIn(planLoads(studies))).toEqual([
      [500, 'a'],
      [500, 'a', 'b'],
      [100, 'b'],
    ]);
  });

  it('end after so many bytes, and let what is larger go alone', () => {
    const studies = [{ owner: 'a', missing: [...images(3, 100e6), ...images(2, 900e6)] }];
    expect(planLoads(studies).map((load) => load.length)).toEqual([2, 1, 1, 1]);
  });
});
