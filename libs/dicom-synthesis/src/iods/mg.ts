import { breastProjection } from '../pixels/projections.ts';
import { code } from './codes.ts';
import { digitalXRay } from './digital-x-ray.ts';
import type { Iod } from './iod.ts';

const views = {
  CC: { angle: 0, code: code('399162004', 'SCT', 'cranio-caudal') },
  MLO: { angle: 45, code: code('399368009', 'SCT', 'medio-lateral oblique') },
} as const;

/** Digital mammography, for presentation. */
export const mg: Iod = {
  modality: 'MG',
  kind: 'projection',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.1.2',
  patients: { sex: 'F', from: 40, to: 74 },
  weight: 18,
  usualSeries: { from: 4, to: 4 },
  usualInstances: { from: 1, to: 1 },
  protocols: [
    {
      weight: 1,
      study: 'Mammography screening',
      bodyPart: 'BREAST',
      series: ['R CC', 'L CC', 'R MLO', 'L MLO'],
    },
  ],
  image: { usualSize: 2560, bitsStored: 12, ink: 3600, paint: breastProjection },
  describeSeries: ({ random, seriesDescription, rows, columns }) => {
    const laterality = seriesDescription.startsWith('R') ? 'R' : 'L';
    const name = seriesDescription.includes('MLO') ? 'MLO' : 'CC';
    const view = views[name];
    return {
      attributes: {
        ...digitalXRay({ rows, columns, widthMm: 240 }),
        ManufacturerModelName: 'Phantom MG 1',
        KVP: random.pick([26, 28, 30]),
        BodyPartThickness: random.integer(35, 75),
        CompressionForce: random.integer(60, 140),
        PositionerType: 'MAMMOGRAPHIC',
        PositionerPrimaryAngle: laterality === 'R' ? view.angle : -view.angle,
        OrganExposed: 'BREAST',
        BreastImplantPresent: 'NO',
        PartialView: 'NO',
        ViewCodeSequence: [{ ...view.code, ViewModifierCodeSequence: { vr: 'SQ', value: [] } }],
        ImageLaterality: laterality,
        PatientOrientation: laterality === 'R' ? ['P', 'L'] : ['A', 'R'],
        AnatomicRegionSequence: [code('76752008', 'SCT', 'Breast')],
      },
      varying: [],
    };
  },
};
