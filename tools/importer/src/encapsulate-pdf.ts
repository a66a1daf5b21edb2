import { createHash } from 'node:crypto';
import {
  type Attributes,
  encodePart10,
  loadDictionary,
  toDataSet,
  uidFromHash,
} from '@orthanc-tools/dicom-files';

/** What every instance of a study says alike, by keyword (PS3.3 C.7.1.1, C.7.2.1). */
const takenOver = [
  'SpecificCharacterSet',
  'PatientName',
  'PatientID',
  'IssuerOfPatientID',
  'PatientBirthDate',
  'PatientSex',
  'StudyInstanceUID',
  'StudyDate',
  'StudyTime',
  'StudyID',
  'StudyDescription',
  'AccessionNumber',
  'ReferringPhysicianName',
] as const;

export type StudyAttributes = Readonly<Record<string, string>>;

/** Picks them from an image, as Orthanc tells its attributes: by keyword, several values with a backslash between. */
export function studyAttributes(image: unknown): StudyAttributes {
  const known = typeof image === 'object' && image !== null ? (image as Record<string, unknown>) : {};
  return Object.fromEntries(
    takenOver.flatMap((keyword) => {
      const value = known[keyword];
      return typeof value === 'string' ? [[keyword, value] as const] : [];
    }),
  );
}

/** The longest value of an LO, in characters. */
const longestTitle = 64;

/**
 * An encapsulated PDF (PS3.3 A.45.1) in a series of its own. It bears no time and no random UID: the same PDF in the
 * same study gives the same bytes, so that importing it again finds it there.
 */
export async function encapsulatePdf(pdf: Buffer, title: string, study: StudyAttributes): Promise<Buffer> {
  const uids = ['encapsulated PDF', study['StudyInstanceUID'] ?? '', sha256(pdf)];
  const shortTitle = [...title.replaceAll('\\', '_')].slice(0, longestTitle).join('');
  return encodePart10(
    toDataSet(
      {
        ...inherited(study),
        SOPClassUID: '1.2.840.10008.5.1.4.1.1.104.1',
        SOPInstanceUID: uidFromHash(...uids, 'instance'),
        SeriesInstanceUID: uidFromHash(...uids, 'series'),
        Modality: 'DOC',
        SeriesDescription: shortTitle,
        SeriesNumber: [],
        InstanceNumber: '1',
        ContentDate: [],
        ContentTime: [],
        AcquisitionDateTime: [],
        Manufacturer: [],
        ConversionType: 'WSD',
        // Nobody has looked: it may show the patient's name.
        BurnedInAnnotation: 'YES',
        DocumentTitle: shortTitle,
        ConceptNameCodeSequence: { vr: 'SQ', value: [] },
        MIMETypeOfEncapsulatedDocument: 'application/pdf',
        EncapsulatedDocument: { vr: 'OB', value: pdf },
        '00420015': { vr: 'UL', value: pdf.length },
      },
      await loadDictionary(),
    ),
  );
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Those of type 2 are there, even when the image lacks them. */
const required = takenOver.filter(
  (keyword) => !['SpecificCharacterSet', 'IssuerOfPatientID', 'StudyDescription'].includes(keyword),
);

function inherited(study: StudyAttributes): Attributes {
  const empty = required.map((keyword) => [keyword, []] as const);
  const filled = Object.entries(study).filter(([, value]) => value !== '');
  return Object.fromEntries([
    ...empty,
    ...filled.map(([keyword, value]) => [keyword, value.split('\\')] as const),
  ]);
}
