import { ellipse } from '../pixels/paint.ts';
import type { Painting } from '../pixels/paint.ts';
import { axialPositions } from './slice-geometry.ts';
import type { Iod, SeriesContext, SeriesContent } from './iod.ts';

/** A head: scalp, skull, grey and white matter, ventricles that open in the middle of the volume. */
const head = (position: number): Painting => ({
  background: 6,
  noise: 18,
  shapes: [
    ellipse({ x: 0, y: 0, rx: 0.74, ry: 0.9, value: 1500, z: 0.45, rz: 0.75, at: position }),
    ellipse({ x: 0, y: 0, rx: 0.69, ry: 0.85, value: 60, z: 0.45, rz: 0.73, at: position }),
    ellipse({ x: 0, y: 0, rx: 0.65, ry: 0.81, value: 640, z: 0.45, rz: 0.71, at: position }),
    ellipse({ x: -0.29, y: 0, rx: 0.26, ry: 0.64, value: 900, z: 0.5, rz: 0.6, at: position }),
    ellipse({ x: 0.29, y: 0, rx: 0.26, ry: 0.64, value: 900, z: 0.5, rz: 0.6, at: position }),
    ellipse({ x: -0.1, y: -0.1, rx: 0.07, ry: 0.3, value: 140, z: 0.5, rz: 0.28, at: position }),
    ellipse({ x: 0.1, y: -0.1, rx: 0.07, ry: 0.3, value: 140, z: 0.5, rz: 0.28, at: position }),
    ellipse({ x: 0.3, y: 0.3, rx: 0.06, ry: 0.05, value: 1300, z: 0.62, rz: 0.12, at: position }),
    ellipse({ x: 0, y: 0.1, rx: 0.012, ry: 0.7, value: 300, z: 0.6, rz: 0.6, at: position }),
  ],
});

interface Weighting {
  readonly name: string;
  readonly sequence: string;
  readonly repetition: number;
  readonly echo: number;
  readonly train: number;
}
const weightings: readonly Weighting[] = [
  { name: 'T1', sequence: 'SE', repetition: 520, echo: 9.8, train: 1 },
  { name: 'T2', sequence: 'SE', repetition: 4200, echo: 98, train: 16 },
  { name: 'FLAIR', sequence: 'IR', repetition: 9000, echo: 110, train: 16 },
  { name: 'DWI', sequence: 'EP', repetition: 5100, echo: 86, train: 1 },
];

const describeSeries = (context: SeriesContext): SeriesContent => {
  const { random, seriesDescription, instances, rows, columns } = context;
  const weighting =
    weightings.find(({ name }) => seriesDescription.includes(name)) ?? random.pick(weightings);
  const fieldOfView = random.pick([220, 230, 240]);
  const spacing = random.pick([3.3, 4.4, 5.5]);
  return {
    attributes: {
      ImageType: ['ORIGINAL', 'PRIMARY', 'OTHER'],
      Manufacturer: 'Synthetic Imaging',
      ManufacturerModelName: 'Phantom MR 3T',
      ScanningSequence: weighting.sequence,
      SequenceVariant: 'SK',
      ScanOptions: [],
      MRAcquisitionType: '2D',
      SequenceName: `*${weighting.name.toLowerCase()}2d1`,
      SliceThickness: spacing - 0.5,
      SpacingBetweenSlices: spacing,
      RepetitionTime: weighting.repetition,
      EchoTime: weighting.echo,
      InversionTime: weighting.sequence === 'IR' ? 2500 : undefined,
      NumberOfAverages: random.integer(1, 3),
      ImagingFrequency: 123.25,
      ImagedNucleus: '1H',
      EchoNumbers: 1,
      MagneticFieldStrength: 3,
      EchoTrainLength: weighting.train,
      FlipAngle: random.pick([70, 90, 150]),
      PatientPosition: 'HFS',
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      AcquisitionNumber: 1,
      ImagesInAcquisition: instances,
      PixelSpacing: [fieldOfView / rows, fieldOfView / columns],
      WindowCenter: 700,
      WindowWidth: 1400,
    },
    varying: axialPositions({ fieldOfView, spacing, firstSlice: -random.integer(40, 80), instances }),
  };
};

export const mr: Iod = {
  modality: 'MR',
  kind: 'slices',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.4',
  weight: 45,
  usualSeries: { from: 3, to: 6 },
  usualInstances: { from: 20, to: 40 },
  protocols: [
    {
      weight: 4,
      study: 'MRI Brain',
      bodyPart: 'HEAD',
      series: ['T1 axial', 'T2 axial', 'FLAIR axial', 'DWI b1000'],
    },
    {
      weight: 2,
      study: 'MRI Brain with gadolinium',
      bodyPart: 'HEAD',
      series: ['T1 axial', 'T2 axial', 'FLAIR axial', 'T1 axial Gd'],
    },
    {
      weight: 1,
      study: 'MRI Stroke protocol',
      bodyPart: 'HEAD',
      series: ['DWI b1000', 'FLAIR axial', 'T2 axial'],
    },
  ],
  image: { usualSize: 256, bitsStored: 12, ink: 1600, paint: head },
  describeSeries,
};
