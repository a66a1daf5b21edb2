import { ellipse } from '../pixels/paint.ts';
import type { Painting } from '../pixels/paint.ts';
import { code } from './codes.ts';
import type { Iod, SeriesContext, SeriesContent } from './iod.ts';
import { axialPositions } from './slice-geometry.ts';

/** Uptake: heart, liver, and a lesion that a person finds. */
const uptake = (position: number): Painting => ({
  background: 0,
  noise: 60,
  shapes: [
    ellipse({ x: 0, y: 0, rx: 0.8, ry: 0.55, value: 900 }),
    ellipse({ x: -0.4, y: 0, rx: 0.28, ry: 0.4, value: 300, z: 0.6, rz: 0.5, at: position }),
    ellipse({ x: 0.4, y: 0, rx: 0.28, ry: 0.4, value: 300, z: 0.6, rz: 0.5, at: position }),
    ellipse({ x: 0.14, y: -0.15, rx: 0.2, ry: 0.18, value: 9000, z: 0.5, rz: 0.25, at: position }),
    ellipse({ x: 0.14, y: -0.15, rx: 0.11, ry: 0.1, value: 1200, z: 0.5, rz: 0.2, at: position }),
    ellipse({ x: -0.3, y: -0.05, rx: 0.4, ry: 0.36, value: 3200, z: 0.1, rz: 0.3, at: position }),
    ellipse({ x: 0.42, y: 0.12, rx: 0.07, ry: 0.07, value: 16000, z: 0.66, rz: 0.1, at: position }),
  ],
});

const describeSeries = ({ random, instances, rows, columns, study }: SeriesContext): SeriesContent => {
  const fieldOfView = 700;
  const spacing = 3.27;
  return {
    attributes: {
      ImageType: ['ORIGINAL', 'PRIMARY'],
      Manufacturer: 'Synthetic Imaging',
      ManufacturerModelName: 'Phantom PT 1',
      SeriesType: ['WHOLE BODY', 'IMAGE'],
      Units: 'BQML',
      CountsSource: 'EMISSION',
      NumberOfSlices: { vr: 'US', value: Math.min(instances, 65_535) },
      CorrectedImage: ['DECY', 'ATTN', 'SCAT', 'NORM'],
      DecayCorrection: 'START',
      CollimatorType: 'NONE',
      ReconstructionDiameter: fieldOfView,
      ReconstructionMethod: 'OSEM',
      SliceThickness: spacing,
      ActualFrameDuration: 120_000,
      FrameReferenceTime: 60_000,
      DecayFactor: 1,
      PatientOrientationCodeSequence: [
        {
          ...code('102538003', 'SCT', 'recumbent'),
          PatientOrientationModifierCodeSequence: [code('40199007', 'SCT', 'supine')],
        },
      ],
      PatientGantryRelationshipCodeSequence: [code('102540008', 'SCT', 'headfirst')],
      RadiopharmaceuticalInformationSequence: [
        {
          RadionuclideCodeSequence: [code('77004003', 'SCT', '^18^Fluorine')],
          RadiopharmaceuticalCodeSequence: [code('35321007', 'SCT', 'Fluorodeoxyglucose F^18^')],
          Radiopharmaceutical: 'Fluorodeoxyglucose',
          RadiopharmaceuticalStartTime: study.time,
          RadionuclideTotalDose: random.integer(200, 400) * 1_000_000,
          RadionuclideHalfLife: 6586.2,
          RadionuclidePositronFraction: 0.9673,
        },
      ],
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      PixelSpacing: [fieldOfView / rows, fieldOfView / columns],
      RescaleIntercept: 0,
      RescaleSlope: 1,
      WindowCenter: 4000,
      WindowWidth: 8000,
    },
    varying: [
      ...axialPositions({ fieldOfView, spacing, firstSlice: -random.integer(400, 900), instances }),
      { keyword: 'ImageIndex', width: 2, valueOf: (index) => String((index % 65_535) + 1) },
    ],
  };
};

export const pt: Iod = {
  modality: 'PT',
  kind: 'slices',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.128',
  weight: 8,
  usualSeries: { from: 1, to: 2 },
  usualInstances: { from: 60, to: 200 },
  protocols: [{ weight: 1, study: 'PET FDG whole body', bodyPart: 'CHEST', series: ['WB AC', 'WB NAC'] }],
  image: { usualSize: 128, bitsStored: 16, ink: 16_000, paint: uptake },
  describeSeries,
};
