import { chestProjection } from '../pixels/projections.ts';
import { code } from './codes.ts';
import { digitalXRay } from './digital-x-ray.ts';
import type { Iod } from './iod.ts';

const views = {
  frontal: { ViewPosition: 'PA', ViewCodeSequence: [code('272460009', 'SCT', 'postero-anterior')] },
  lateral: { ViewPosition: 'LL', ViewCodeSequence: [code('399173006', 'SCT', 'left lateral')] },
};

/** For presentation. */
export const dx: Iod = {
  modality: 'DX',
  kind: 'projection',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.1.1',
  weight: 50,
  usualSeries: { from: 1, to: 2 },
  usualInstances: { from: 1, to: 1 },
  protocols: [
    { weight: 3, study: 'DX Chest two views', bodyPart: 'CHEST', series: ['Chest PA', 'Chest LAT'] },
    { weight: 1, study: 'DX Chest one view', bodyPart: 'CHEST', series: ['Chest PA'] },
  ],
  image: { usualSize: 2048, bitsStored: 12, ink: 3600, paint: chestProjection },
  describeSeries: ({ random, seriesDescription, rows, columns }) => ({
    attributes: {
      ...digitalXRay({ rows, columns, widthMm: 420 }),
      ManufacturerModelName: 'Phantom DX 1',
      KVP: random.pick([70, 85, 110, 125]),
      PositionerType: 'COLUMN',
      ...(seriesDescription.endsWith('PA') ? views.frontal : views.lateral),
      PatientOrientation: ['L', 'F'],
      ImageLaterality: 'U',
      AnatomicRegionSequence: [code('51185008', 'SCT', 'Chest')],
    },
    varying: [],
  }),
};
