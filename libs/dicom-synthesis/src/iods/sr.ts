import type { Attributes } from '@orthanc-tools/dicom-files';
import { code } from './codes.ts';
import type { Iod, SeriesContext } from './iod.ts';

const findings = [
  'No focal abnormality.',
  'Small nodule, 4 mm, unchanged.',
  'Degenerative changes of the spine.',
  'No effusion.',
];

const textItem = (concept: Attributes, value: string): Attributes => ({
  RelationshipType: 'CONTAINS',
  ValueType: 'TEXT',
  ConceptNameCodeSequence: [concept],
  TextValue: value,
});

const content = ({ random, study }: SeriesContext): Attributes => ({
  ValueType: 'CONTAINER',
  ContinuityOfContent: 'SEPARATE',
  ConceptNameCodeSequence: [code('18748-4', 'LN', 'Diagnostic Imaging Report')],
  ContentSequence: [
    textItem(code('121060', 'DCM', 'History'), `Synthetic study ${study.accessionNumber}.`),
    textItem(code('121071', 'DCM', 'Finding'), random.pick(findings)),
    textItem(code('121077', 'DCM', 'Conclusion'), 'Nobody was examined.'),
  ],
});

/** A report: Basic Text SR. */
export const sr: Iod = {
  modality: 'SR',
  kind: 'document',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.88.11',
  weight: 10,
  usualSeries: { from: 1, to: 1 },
  usualInstances: { from: 1, to: 1 },
  protocols: [{ weight: 1, study: 'Radiology report', bodyPart: 'CHEST', series: ['Report'] }],
  describeSeries: (context) => ({
    attributes: {
      Manufacturer: 'Synthetic Imaging',
      ManufacturerModelName: 'Phantom SR 1',
      ReferencedPerformedProcedureStepSequence: { vr: 'SQ', value: [] },
      PerformedProcedureCodeSequence: { vr: 'SQ', value: [] },
      CompletionFlag: 'COMPLETE',
      VerificationFlag: 'UNVERIFIED',
      ...content(context),
    },
    varying: [],
  }),
};
