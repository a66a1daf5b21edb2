import { ellipse } from '../pixels/paint.ts';
import type { Painting } from '../pixels/paint.ts';
import { axialPositions } from './slice-geometry.ts';
import type { Iod, SeriesContext, SeriesContent } from './iod.ts';

// Stored values: Hounsfield units plus 1024.
const air = 24;
const lung = 190;
const fat = 930;
const soft = 1070;
const blood = 1120;
const marrow = 1350;
const bone = 1750;

/** A thorax: skin, lungs narrowing towards the top, heart, aorta, spine, ribs. */
const thorax = (position: number): Painting => ({
  background: air,
  noise: 24,
  shapes: [
    ellipse({ x: 0, y: 0, rx: 0.88, ry: 0.62, value: fat }),
    ellipse({ x: 0, y: 0, rx: 0.82, ry: 0.56, value: soft }),
    ellipse({ x: -0.4, y: -0.02, rx: 0.3, ry: 0.42, value: lung, z: 0.55, rz: 0.66, at: position }),
    ellipse({ x: 0.4, y: -0.02, rx: 0.28, ry: 0.42, value: lung, z: 0.55, rz: 0.64, at: position }),
    ellipse({ x: 0.12, y: -0.12, rx: 0.26, ry: 0.22, value: blood, z: 0.4, rz: 0.36, at: position }),
    ellipse({ x: 0.1, y: 0.26, rx: 0.07, ry: 0.07, value: blood }),
    ellipse({ x: 0, y: 0.42, rx: 0.12, ry: 0.11, value: bone }),
    ellipse({ x: 0, y: 0.42, rx: 0.09, ry: 0.08, value: marrow }),
    ellipse({ x: 0, y: 0.5, rx: 0.035, ry: 0.035, value: soft }),
    ellipse({ x: -0.78, y: 0.05 + position * 0.1, rx: 0.025, ry: 0.12, value: bone }),
    ellipse({ x: 0.78, y: 0.05 + position * 0.1, rx: 0.025, ry: 0.12, value: bone }),
    ellipse({ x: 0, y: -0.54, rx: 0.1, ry: 0.025, value: bone }),
  ],
});

const describeSeries = ({
  random,
  seriesDescription,
  instances,
  rows,
  columns,
}: SeriesContext): SeriesContent => {
  const fieldOfView = random.pick([320, 350, 380, 400]);
  const spacing = random.pick([1.25, 2.5, 5]);
  return {
    attributes: {
      ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
      Manufacturer: 'Synthetic Imaging',
      ManufacturerModelName: 'Phantom CT 64',
      ScanOptions: 'HELICAL MODE',
      SliceThickness: spacing,
      KVP: random.pick([80, 100, 120, 140]),
      DataCollectionDiameter: 500,
      ReconstructionDiameter: fieldOfView,
      GantryDetectorTilt: 0,
      TableHeight: random.integer(120, 190),
      RotationDirection: 'CW',
      ExposureTime: 500,
      XRayTubeCurrent: random.integer(80, 420),
      Exposure: random.integer(40, 210),
      ConvolutionKernel: seriesDescription.includes('Lung') ? 'LUNG' : 'STANDARD',
      PatientPosition: 'FFS',
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      AcquisitionNumber: 1,
      ImagesInAcquisition: instances,
      PixelSpacing: [fieldOfView / rows, fieldOfView / columns],
      WindowCenter: seriesDescription.includes('Lung') ? -600 : 40,
      WindowWidth: seriesDescription.includes('Lung') ? 1500 : 400,
      RescaleIntercept: -1024,
      RescaleSlope: 1,
      RescaleType: 'HU',
    },
    varying: axialPositions({ fieldOfView, spacing, firstSlice: -random.integer(100, 400), instances }),
  };
};

export const ct: Iod = {
  modality: 'CT',
  kind: 'slices',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
  weight: 55,
  usualSeries: { from: 1, to: 4 },
  usualInstances: { from: 30, to: 120 },
  protocols: [
    {
      weight: 4,
      study: 'CT Thorax with contrast',
      bodyPart: 'CHEST',
      series: ['Thorax 5.0 Soft', 'Thorax 1.25 Lung', 'Thorax Coronal'],
    },
    {
      weight: 3,
      study: 'CT Thorax/Abdomen',
      bodyPart: 'CHEST',
      series: ['Native', 'Arterial', 'Portal venous', 'Lung'],
    },
    {
      weight: 2,
      study: 'CT Pulmonary angiography',
      bodyPart: 'CHEST',
      series: ['Topogram axial', 'CTPA 1.25', 'Lung 2.5'],
    },
    { weight: 1, study: 'CT Thorax low dose', bodyPart: 'CHEST', series: ['Low dose', 'Low dose Lung'] },
  ],
  image: { usualSize: 512, bitsStored: 12, ink: 2000, paint: thorax },
  describeSeries,
};
