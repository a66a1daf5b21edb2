import { describe, expect, it } from '@jest/globals';
import type { ArchiveRequest } from './request.ts';
import { planAllSeries } from './series-plan.ts';
import { planStudy } from './study-plan.ts';

const dayMs = 86_400_000;

const plansOf = (request: Omit<ArchiveRequest, 'seed' | 'studies'>) =>
  [0, 1, 2, 3].map((index) => planAllSeries(planStudy({ seed: 8, studies: 4, ...request }, index)));

describe('the series of a study', () => {
  it.each([
    ['series', { seriesPerStudy: 300, instancesPerSeries: 100 }],
    ['instances', { seriesPerStudy: 3, instancesPerSeries: 200_000 }],
    ['instances in one series', { seriesPerStudy: 1, instancesPerSeries: 200_000 }],
  ])('do not reach into the next day, however many %s there are', (_, shape) => {
    for (const series of plansOf(shape)) {
      const begins = series.map(({ begin }) => begin);
      expect(begins.toSorted((one, other) => one - other)).toEqual(begins);
      expect(begins[0]).toBe(series[0]?.study.begin);
      for (const { begin, exposureMs, instances } of series)
        expect(begin + (instances - 1) * exposureMs).toBeLessThan(dayMs);
    }
  });

  it('begin at different times where there are many', () => {
    for (const series of plansOf({ seriesPerStudy: 300, instancesPerSeries: 100 }))
      expect(new Set(series.map(({ begin }) => begin)).size).toBe(300);
  });

  it('keep their usual pauses where they fit into the day', () => {
    for (const series of plansOf({ seriesPerStudy: 60, instancesPerSeries: 100 }))
      expect(series.map(({ begin, exposureMs }) => [begin, exposureMs])).toEqual(
        series.map((_, at) => [(series[0]?.begin ?? 0) + at * 240_000, 350]),
      );
  });
});
