import type { FoundTags } from '@orthanc-tools/orthanc-client';
import { describe, expect, it } from '@jest/globals';
import { knownCap } from './known-cap.ts';
import { type ListedStudy, listImages } from './list-images.ts';

/** A remote that holds series of so many images, and tells at most `cap` of them. */
function remote(series: Readonly<Record<string, number>>, { cap = Infinity, tellsNumbers = true } = {}) {
  const asked: Readonly<Record<string, string>>[] = [];
  const find = (level: 'Series' | 'Instance', keys: Readonly<Record<string, string>>) => {
    asked.push(keys);
    const heads = Object.entries(series).map(([uid, images]) => ({
      SeriesInstanceUID: uid,
      Modality: 'CT',
      ...(tellsNumbers && { NumberOfSeriesRelatedInstances: String(images) }),
    }));
    const uid = keys['SeriesInstanceUID'] ?? '';
    const images = Array.from({ length: series[uid] ?? 0 }, (_, at) => ({
      SOPInstanceUID: `${uid}.${String(at)}`,
    }));
    const answers: FoundTags[] = level === 'Series' ? heads : images;
    return Promise.resolve(answers.slice(0, cap));
  };
  return { find, asked };
}

const noCaps = () => ({ series: knownCap(undefined), images: knownCap(undefined) });

const list = (find: ReturnType<typeof remote>['find'], caps = noCaps()): Promise<ListedStudy> =>
  listImages({ find, studyInstanceUid: '1.2', caps });

describe('the images of a study', () => {
  it('are asked for series by series, with the UIDs of all levels above', async () => {
    const { find, asked } = remote({ '1.2.1': 2, '1.2.2': 1 });
    const { series, isWhole } = await list(find);
    expect(series.map(({ images }) => [...images])).toEqual([['1.2.1.0', '1.2.1.1'], ['1.2.2.0']]);
    expect(isWhole).toBe(true);
    expect(asked.every((keys) => keys['StudyInstanceUID'] === '1.2')).toBe(true);
    expect(asked).toHaveLength(3);
  });

  it('are not whole where the remote names fewer than it counts', async () => {
    const { find } = remote({ '1.2.1': 60 }, { cap: 50 });
    expect((await list(find)).series[0]).toMatchObject({ told: 60, isWhole: false });
  });

  it('are whole at a round number that is the number', async () => {
    const { find } = remote({ '1.2.1': 50 });
    expect((await list(find)).series[0]).toMatchObject({ told: 50, isWhole: true });
  });

  it('are in doubt at a usual cap where the remote counts nothing', async () => {
    const { find } = remote({ '1.2.1': 50, '1.2.2': 49 }, { tellsNumbers: false });
    expect((await list(find)).series.map(({ isWhole }) => isWhole)).toEqual([false, true]);
  });

  it('are whole behind a usual cap once as many were told of another series', async () => {
    const { find } = remote({ '1.2.1': 51, '1.2.2': 50 }, { tellsNumbers: false });
    expect((await list(find)).series.map(({ isWhole }) => isWhole)).toEqual([true, true]);
  });

  it('are in doubt however many series, which may have a cap of their own, were told', async () => {
    const all = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`1.2.${String(at)}`, 50]));
    const { series, isWhole } = await list(remote(all, { tellsNumbers: false }).find);
    expect([isWhole, series.some((one) => one.isWhole)]).toEqual([true, false]);
  });

  it('are in doubt where a series is told without any', async () => {
    const { find } = remote({ '1.2.1': 0 }, { tellsNumbers: false });
    expect((await list(find)).series[0]).toMatchObject({ told: undefined, isWhole: false });
  });

  it('are none of a study that the remote does not know', async () => {
    expect((await list(remote({}).find)).series).toEqual([]);
  });
});
