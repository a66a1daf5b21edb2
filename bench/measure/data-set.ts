import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import type { RunningOrthanc } from '@orthanc-tools/orthanc-testbed';
import { fillLarge } from './fill-large.ts';

export const dataSetNames = ['small', 'large'] as const;
export type DataSetName = (typeof dataSetNames)[number];

export interface DataSet {
  readonly name: DataSetName;
  readonly studies: number;
  readonly seriesPerStudy: number;
  readonly instancesPerSeries: number;
  /** Pixels along each side, of two bytes each. */
  readonly imageSize: number;
}

const shapes: Record<DataSetName, DataSet> = {
  small: { name: 'small', studies: 200, seriesPerStudy: 2, instancesPerSeries: 10, imageSize: 8 },
  large: { name: 'large', studies: 10, seriesPerStudy: 2, instancesPerSeries: 50, imageSize: 512 },
};

/** The data set with so many times its studies, each as large as ever. */
export function dataSet(name: DataSetName, scale = 1): DataSet {
  const shape = shapes[name];
  return { ...shape, studies: Math.max(1, Math.round(shape.studies * scale)) };
}

/** From then on it is felt that each file takes longer than the one before. */
const manyInstances = 10_000;

export async function fillWith(set: DataSet, orthanc: RunningOrthanc, signal: AbortSignal): Promise<void> {
  function* files(): Generator<Uint8Array> {
    for (const study of synthesizeArchive({ seed: 'bench', modalities: ['CT'], ...set })) {
      signal.throwIfAborted();
      for (const instance of study.instances()) yield instance.bytes;
    }
  }
  const fill = (some: Iterable<Uint8Array>) => seedOrthanc(orthanc, some);
  const instances = set.studies * set.seriesPerStudy * set.instancesPerSeries;
  await (instances > manyInstances ? fillLarge(orthanc, files(), fill) : fill(files()));
}
