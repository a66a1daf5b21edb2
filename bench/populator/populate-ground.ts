import { createHash } from 'node:crypto';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import type { Testbed } from '@orthanc-tools/orthanc-testbed';
import type { DataSet } from '../measure/data-set.ts';
import type { UploadGround } from '../measure/measure-upload.ts';
import type { Files } from '../measure/upload-ways.ts';

/** The very files that the populator makes, in memory. */
export interface PopulateGround extends UploadGround {
  readonly set: DataSet;
  readonly files: Files;
}

// The populator's own defaults, which its command line does not repeat.
const usual = { seed: '42', studyDates: { from: '20000101', to: '20241231' } };

export function preparePopulateGround(
  set: DataSet,
  { testbed, signal }: { readonly testbed: Testbed; readonly signal: AbortSignal },
): PopulateGround {
  const files: Buffer[] = [];
  const expected = new Map<string, { md5: string; bytes: number; sha256: undefined }>();
  let bytes = 0;
  for (const study of synthesizeArchive({ ...usual, ...set, modalities: ['CT'] }))
    for (const instance of study.instances()) {
      files.push(instance.bytes);
      const md5 = createHash('md5').update(instance.bytes).digest('hex');
      expected.set(instance.orthancIds().instance, { md5, bytes: instance.bytes.length, sha256: undefined });
      bytes += instance.bytes.length;
    }
  return { testbed, signal, set, files, expected, bytes };
}

/** The same archive by the populator's command line. */
export const optionsFor = ({ studies, seriesPerStudy, instancesPerSeries, imageSize }: DataSet): string[] => [
  ...['--studies', String(studies), '--series', String(seriesPerStudy)],
  ...['--instances', String(instancesPerSeries), '--modality', 'CT', '--image-content-type', 'Phantom'],
  ...['--image-width', String(imageSize), '--image-height', String(imageSize)],
];
