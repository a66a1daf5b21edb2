import { randomUUID } from 'node:crypto';
import { encodePart10, loadDictionary, toDataSet, uidFromHash } from '@orthanc-tools/dicom-files';

interface Person {
  readonly PatientName?: string;
  readonly PatientBirthDate?: string;
  readonly SpecificCharacterSet?: string;
  readonly AdditionalPatientHistory?: string;
  readonly PatientComments?: string;
  readonly PixelData?: Uint8Array;
}

const dictionary = await loadDictionary();

/** An image of this patient, of a study of its own. */
export function imageOf(patientId: string, person: Person): Buffer {
  const uid = uidFromHash(randomUUID());
  return encodePart10(
    toDataSet(
      {
        SpecificCharacterSet: 'ISO_IR 192',
        SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
        SOPInstanceUID: uid,
        StudyInstanceUID: `${uid}.1`,
        SeriesInstanceUID: `${uid}.2`,
        PatientID: patientId,
        PatientBirthDate: '19700203',
        Modality: 'OT',
        ...person,
      },
      dictionary,
    ),
  );
}
