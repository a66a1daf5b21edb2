import type { Iod } from './iod.ts';
import { renderPdf } from './render-pdf.ts';

export const encapsulatedPdf: Iod = {
  modality: 'DOC',
  kind: 'document',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.104.1',
  weight: 6,
  usualSeries: { from: 1, to: 1 },
  usualInstances: { from: 1, to: 1 },
  protocols: [{ weight: 1, study: 'Letter', bodyPart: 'CHEST', series: ['Referral letter'] }],
  describeSeries: ({ study, seriesDescription }) => ({
    attributes: {
      Manufacturer: 'Synthetic Imaging',
      ConversionType: 'WSD',
      BurnedInAnnotation: 'YES',
      AcquisitionDateTime: [],
      DocumentTitle: seriesDescription,
      ConceptNameCodeSequence: { vr: 'SQ', value: [] },
      MIMETypeOfEncapsulatedDocument: 'application/pdf',
      EncapsulatedDocument: renderPdf([
        seriesDescription,
        '',
        `Patient ${study.patientId}`,
        `Study ${study.accessionNumber} of ${study.date}`,
        'A synthetic document: nobody was examined.',
      ]),
    },
    varying: [],
  }),
};
