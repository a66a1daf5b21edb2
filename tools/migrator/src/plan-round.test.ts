import type { ListedSeries } from '@orthanc-tools/study-search';
import { describe, expect, it } from '@jest/globals';
import type { SeriesGap } from './compare-images.ts';
import { planRound } from './plan-round.ts';

const names = (count: number) => Array.from({ length: count }, (_, at) => `i${String(at)}`);
function gap(of: number, missing: number, unnamed = 0): SeriesGap {
  const series: ListedSeries = {
    seriesInstanceUid: 's',
    modality: 'CT',
    images: new Set(names(of)),
    told: of + unnamed,
    isWhole: unnamed === 0,
  };
  return { series, missing: names(missing), unnamed };
}
const study = { studyInstanceUid: '1', series: [], isWhole: true };
const plan = (gaps: readonly SeriesGap[], round: number, isUntouched = false) =>
  planRound({ study, gaps, round, isUntouched }).map(
    ({ level, resources }) => `${level} ${String(resources.length)}`,
  );

describe('what is missing', () => {
  it('is fetched as a study where nothing has arrived', () => {
    expect(plan([gap(5, 5), gap(3, 3)], 0, true)).toEqual(['Study 1']);
  });

  it('is fetched series by series after that, also where nothing has arrived', () => {
    expect(plan([gap(5, 5), gap(3, 3)], 1, true)).toEqual(['Series 1', 'Series 1']);
  });

  it('is fetched image by image where it is little of a series', () => {
    expect(plan([gap(100, 3)], 1)).toEqual(['Instance 3']);
  });

  it('is not fetched whole again after a restart', () => {
    expect(plan([gap(100, 2)], 0)).toEqual(['Instance 2']);
  });

  it('is fetched image by image in the end, a few at a time', () => {
    expect(plan([gap(45, 45)], 2)).toEqual(['Instance 20', 'Instance 20', 'Instance 5']);
  });

  it('is fetched by its series where it has no names', () => {
    expect(plan([gap(50, 0, 10)], 2)).toEqual(['Series 1']);
  });
});
