import { ellipse } from '../pixels/paint.ts';
import type { Painting } from '../pixels/paint.ts';
import type { Iod } from './iod.ts';

/** Bars of a chart, as a workstation's screen shows one. */
const chart = (): Painting => ({
  background: 20,
  noise: 2,
  shapes: [0.9, 0.55, 0.7, 0.35, 0.5].map((height, at) =>
    ellipse({ x: -0.7 + at * 0.35, y: 0.8 - height / 2, rx: 0.12, ry: height / 2, value: 90 + at * 30 }),
  ),
});

/** Secondary capture. */
export const sc: Iod = {
  modality: 'OT',
  kind: 'capture',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.7',
  weight: 6,
  usualSeries: { from: 1, to: 1 },
  usualInstances: { from: 1, to: 3 },
  protocols: [{ weight: 1, study: 'Result screens', bodyPart: 'CHEST', series: ['Screenshots'] }],
  image: { usualSize: 512, bitsStored: 8, ink: 250, paint: chart },
  describeSeries: () => ({
    attributes: {
      ConversionType: 'WSD',
      ImageType: ['DERIVED', 'SECONDARY'],
      Manufacturer: 'Synthetic Imaging',
      PatientOrientation: [],
      BurnedInAnnotation: 'YES',
    },
    varying: [],
  }),
};
