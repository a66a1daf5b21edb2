import { ellipse } from '../pixels/paint.ts';
import type { Painting } from '../pixels/paint.ts';
import type { Iod } from './iod.ts';

/** Four chambers that fill and empty: the position runs from 0 to 1 and back, as a heart beats. */
const heart = (position: number): Painting => {
  const beat = 1 - Math.abs(position * 2 - 1);
  const chamber = 0.7 + beat * 0.3;
  return {
    background: 4,
    noise: 14,
    shapes: [
      ellipse({ x: 0, y: 0.05, rx: 0.9, ry: 0.85, value: 60 }),
      ellipse({ x: 0, y: 0.05, rx: 0.5, ry: 0.7, value: 130 }),
      ellipse({ x: -0.2, y: -0.2, rx: 0.16 * chamber, ry: 0.28 * chamber, value: 14 }),
      ellipse({ x: 0.2, y: -0.2, rx: 0.17 * chamber, ry: 0.3 * chamber, value: 14 }),
      ellipse({ x: -0.2, y: 0.38, rx: 0.15, ry: 0.17, value: 14 }),
      ellipse({ x: 0.2, y: 0.38, rx: 0.15, ry: 0.17, value: 14 }),
      ellipse({ x: 0.2, y: 0.14, rx: 0.14 * chamber, ry: 0.015, value: 210 }),
      ellipse({ x: -0.2, y: 0.14, rx: 0.13 * chamber, ry: 0.015, value: 210 }),
    ],
  };
};

/** Moving pictures of eight bits. */
export const us: Iod = {
  modality: 'US',
  kind: 'cine',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.3.1',
  weight: 40,
  usualSeries: { from: 1, to: 1 },
  usualInstances: { from: 2, to: 8 },
  protocols: [
    { weight: 2, study: 'Echocardiography', bodyPart: 'HEART', series: ['Apical four chamber'] },
    { weight: 1, study: 'Echocardiography bedside', bodyPart: 'HEART', series: ['Subcostal'] },
  ],
  image: {
    usualSize: 480,
    bitsStored: 8,
    ink: 250,
    frames: { from: 8, to: 24 },
    paint: heart,
  },
  describeSeries: ({ random }) => ({
    attributes: {
      ImageType: ['ORIGINAL', 'PRIMARY', 'TTE', '0001'],
      Manufacturer: 'Synthetic Imaging',
      ManufacturerModelName: 'Phantom US 1',
      FrameIncrementPointer: { vr: 'AT', value: 0x00181063 },
      FrameTime: 40,
      HeartRate: random.integer(55, 95),
      PatientOrientation: [],
      LossyImageCompression: '00',
      BurnedInAnnotation: 'YES',
      UltrasoundColorDataPresent: { vr: 'US', value: 0 },
    },
    varying: [],
  }),
};
