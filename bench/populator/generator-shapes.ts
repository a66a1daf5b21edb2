import { type ArchiveRequest, syntheticModalities } from '@orthanc-tools/dicom-synthesis';

/** One kind of archive that the generator is measured with. */
export interface GeneratorShape {
  readonly name: string;
  readonly instances: number;
  readonly request: Omit<ArchiveRequest, 'studies'>;
  /** What is promised of it, per second of CPU; nothing where it is only shown. */
  readonly least?: { readonly instances: number } | { readonly megabytes: number };
}

const everyModality = syntheticModalities.map(({ modality }) => modality);
const tiny = { seed: 42, imageSize: 2, imageContent: 'flat' } as const;
const sliced = { seed: 42, modalities: ['CT', 'MR'], seriesPerStudy: 2 } as const;

/** The first is what the populator makes unless told otherwise. Series of 5 are encoded nearly as often as they are copied. */
export const generatorShapes: readonly GeneratorShape[] = [
  {
    name: 'tiny, all modalities with their usual series and images',
    instances: 200_000,
    request: { ...tiny, modalities: everyModality },
    least: { instances: 50_000 },
  },
  {
    name: 'tiny, series of 5',
    instances: 100_000,
    request: { ...tiny, ...sliced, instancesPerSeries: 5 },
  },
  {
    name: '512 × 512 × 16 bits, phantom with its identifiers drawn in',
    instances: 10_000,
    request: { ...sliced, imageSize: 512, imageContent: 'phantom', instancesPerSeries: 100 },
    least: { megabytes: 800 },
  },
  {
    name: '512 × 512 × 16 bits, noise with its identifiers drawn in',
    instances: 10_000,
    request: { ...sliced, imageSize: 512, imageContent: 'random', instancesPerSeries: 100 },
    least: { megabytes: 800 },
  },
];
