import { chestProjection } from '../pixels/projections.ts';
import type { Iod } from './iod.ts';

/** In the words of PS3.3 C.8.1.2. */
const viewOf = (seriesDescription: string): string =>
  seriesDescription.endsWith('LAT') ? 'LL' : seriesDescription.endsWith('AP') ? 'AP' : 'PA';

export const cr: Iod = {
  modality: 'CR',
  kind: 'projection',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.1',
  weight: 50,
  usualSeries: { from: 1, to: 2 },
  usualInstances: { from: 1, to: 1 },
  protocols: [
    { weight: 3, study: 'Chest two views', bodyPart: 'CHEST', series: ['Chest PA', 'Chest LAT'] },
    { weight: 1, study: 'Chest bedside', bodyPart: 'CHEST', series: ['Chest AP'] },
  ],
  image: { usualSize: 2048, bitsStored: 12, ink: 3600, paint: chestProjection },
  describeSeries: ({ random, seriesDescription, rows, columns }) => ({
    attributes: {
      ImageType: ['ORIGINAL', 'PRIMARY'],
      Manufacturer: 'Synthetic Imaging',
      ManufacturerModelName: 'Phantom CR 1',
      KVP: random.pick([70, 85, 110, 125]),
      PlateID: String(random.integer(1000, 9999)),
      ImagerPixelSpacing: [350 / rows, 350 / columns],
      ViewPosition: viewOf(seriesDescription),
      PatientOrientation: ['L', 'F'],
      BurnedInAnnotation: 'YES',
      WindowCenter: 1800,
      WindowWidth: 3200,
    },
    varying: [],
  }),
};
