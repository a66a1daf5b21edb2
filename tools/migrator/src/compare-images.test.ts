import type { ListedSeries, ListedStudy } from '@orthanc-tools/study-search';
import { describe, expect, it } from '@jest/globals';
import { compareImages } from './compare-images.ts';

const series = (uid: string, images: readonly string[], more: Partial<ListedSeries> = {}): ListedSeries => ({
  seriesInstanceUid: uid,
  modality: 'CT',
  images: new Set(images),
  told: images.length,
  isWhole: true,
  ...more,
});
const study = (...all: ListedSeries[]): ListedStudy => ({
  studyInstanceUid: '1',
  series: all,
  isWhole: true,
});
const held = (of: Readonly<Record<string, readonly string[]>>) =>
  new Map(Object.entries(of).flatMap(([uid, images]) => images.map((image) => [image, uid] as const)));

describe('a study', () => {
  it('is complete when every image that the source names is held', () => {
    expect(compareImages(study(series('s', ['a', 'b'])), held({ s: ['a', 'b', 'c'] }))).toMatchObject({
      isComplete: true,
      proof: 'uid',
      images: 2,
    });
  });

  it('lacks what is named and not held, by name', () => {
    const { gaps, isComplete } = compareImages(
      study(series('s', ['a', 'b']), series('t', ['c'])),
      held({ s: ['a'], t: ['c'] }),
    );
    expect(isComplete).toBe(false);
    expect(gaps.map(({ missing }) => missing)).toEqual([['b']]);
  });

  it('is proved by name and number where a cap hides names', () => {
    const cut = series('s', ['a', 'b'], { told: 4, isWhole: false });
    expect(compareImages(study(cut), held({ s: ['a', 'b', 'c'] })).gaps[0]).toMatchObject({ unnamed: 1 });
    expect(compareImages(study(cut), held({ s: ['a', 'b', 'c', 'd'] }))).toMatchObject({
      isComplete: true,
      proof: 'uid+count',
      images: 4,
    });
  });

  it('is proved by nothing where names are hidden and nobody counts', () => {
    const cut = series('s', ['a', 'b'], { told: undefined, isWhole: false });
    expect(compareImages(study(cut), held({ s: ['a', 'b'] })).proof).toBe('none');
    expect(compareImages({ ...study(), isWhole: false }, held({})).proof).toBe('none');
  });
});
