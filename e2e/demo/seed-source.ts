import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { seedOrthanc } from '@orthanc-tools/orthanc-testbed';
import type { RunningOrthanc } from '@orthanc-tools/orthanc-testbed';
import type { DemoOptions } from './demo-options.ts';

export interface Seeded {
  readonly studies: number;
  readonly instances: number;
  readonly bytes: number;
}

/** Mostly small images, as most archives hold; every tenth study has images of half a megabyte. */
export async function seedSource(
  source: RunningOrthanc,
  options: DemoOptions,
  signal: AbortSignal,
): Promise<Seeded> {
  const largeStudies = Math.floor(options.studies / 10);
  const small = {
    seed: `demo-small-${String(options.seed)}`,
    studies: options.studies - largeStudies,
    imageSize: 64,
    instancesPerSeries: 5,
  };
  const large = {
    seed: `demo-large-${String(options.seed)}`,
    studies: largeStudies,
    imageSize: 512,
    instancesPerSeries: 10,
  };
  function* files(): Generator<Uint8Array> {
    for (const shape of [small, large]) {
      for (const study of synthesizeArchive({ seriesPerStudy: 2, ...shape })) {
        signal.throwIfAborted();
        for (const instance of study.instances()) yield instance.bytes;
      }
    }
  }
  const seeded = await seedOrthanc(source, files());
  return { studies: options.studies, ...seeded };
}
