import { expect, it } from '@jest/globals';
import { inBatches, madeInstances } from './made-instance.ts';

const { synthesizeArchive } = await import('@orthanc-tools/dicom-synthesis');

const archive = (imageSize: number, instancesPerSeries = 5) =>
  synthesizeArchive({ seed: 1, studies: 60, seriesPerStudy: 1, instancesPerSeries, imageSize });

const limits = { instances: 100, bytes: 1024 * 1024 };

it('sends small instances together and large ones alone, in the order in which they were made', () => {
  const small = [...inBatches(madeInstances(archive(2)), limits)];
  expect(small.map(({ length }) => length)).toEqual([100, 100, 100]);
  expect(small.flat().map(({ inHand }) => inHand.study.index)).toEqual(
    Array.from({ length: 300 }, (_, at) => Math.floor(at / 5)),
  );
  const large = inBatches(madeInstances(archive(1024)), limits);
  expect(large.next().value).toHaveLength(1);
});

it('makes no more than is asked for', () => {
  let made = 0;
  function* counted() {
    for (const one of madeInstances(archive(2, 1_000_000))) {
      made += 1;
      yield one;
    }
  }
  inBatches(counted(), limits).next();
  expect(made).toBe(100);
});
