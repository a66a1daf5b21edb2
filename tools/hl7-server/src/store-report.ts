import { type Hl7Message, type Repetition, type Segment, hl7Failure } from '@orthanc-tools/hl7-messages';
import { uidFromHash } from '@orthanc-tools/dicom-files';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { lineOfText } from './dicom-text.ts';
import { textAt } from './field-path.ts';
import { patientIdentity } from './order-identity.ts';
import type { Profile } from './profile.ts';

/** A document of a report, and whose it is. */
export interface PlannedReport {
  readonly patientId: string;
  readonly studyUid: string;
  readonly pdf: Buffer;
  readonly title: string;
}

export const isReport = ({ type }: Hl7Message): boolean => type.code === 'ORU' && type.event === 'R01';

const textsOf = (segments: readonly Segment[], name: string, field: number): readonly Repetition[] =>
  segments.filter((segment) => segment.name === name).flatMap((segment) => segment.field(field));

const uid = /^[0-9]+(?:\.[0-9]+)+$/;

/** ED: the text of the document is its fifth component; some senders give it alone. */
function pdfsIn(segments: readonly Segment[]): Buffer[] {
  const found: Buffer[] = [];
  for (const value of textsOf(segments, 'OBX', 5)) {
    const candidates = [5, 1].map((component) => textAt(value, component)).filter((text) => text.length > 20);
    for (const text of candidates) {
      const bytes = Buffer.from(text, 'base64');
      if (bytes.subarray(0, 5).toString('latin1') !== '%PDF-') continue;
      found.push(bytes);
      break;
    }
  }
  return found;
}

/** Those of the first field that names any. */
function studyUidsIn(segments: readonly Segment[]): ReadonlySet<string> {
  const places = [
    ['ZDS', 1],
    ['IPC', 3],
    ['OBR', 3],
  ] as const;
  const told = places.map(([name, field]) =>
    textsOf(segments, name, field)
      .map((one) => textAt(one))
      .filter((text) => uid.test(text) && text.length <= 64),
  );
  return new Set(told.find((uids) => uids.length > 0));
}

/**
 * The document of a report. Of several patients, studies or documents nobody can tell which belong together: refused.
 * @throws `HL7_REQUIRED_FIELD_MISSING`, `HL7_DATA_TYPE`, `HL7_SEGMENT_SEQUENCE`
 */
export function planReport(message: Hl7Message, profile: Profile, title: string): PlannedReport {
  const { segments } = message;
  const patient = patientIdentity((name) => segments.filter((segment) => segment.name === name), profile);
  if (patient === undefined)
    throw hl7Failure('requiredFieldMissing', 'The patient has no identifier.', { segment: 'PID', field: 3 });
  if (segments.filter(({ name }) => name === 'PID').length > 1) throw several('patients', 'PID');
  const [studyUid, ...otherUids] = studyUidsIn(segments);
  if (otherUids.length > 0) throw several('studies', 'OBR');
  if (studyUid === undefined)
    throw hl7Failure('requiredFieldMissing', 'The report names no study by its UID.', {
      segment: 'OBR',
      field: 3,
    });
  const [pdf, ...otherPdfs] = pdfsIn(segments);
  if (otherPdfs.length > 0) throw several('documents', 'OBX');
  if (pdf === undefined)
    throw hl7Failure('dataType', 'The report holds no PDF.', { segment: 'OBX', field: 5 });
  return { patientId: patient.id, studyUid, pdf, title: lineOfText(title) };
}

const several = (what: string, segment: string) =>
  hl7Failure('segmentSequence', `The report is of several ${what}: send one message for each.`, { segment });

interface FoundStudy {
  readonly id: string;
  readonly patientId: string;
}

async function studiesOf(orthanc: Orthanc, studyUid: string): Promise<FoundStudy[]> {
  const content = { Level: 'Study', Query: { StudyInstanceUID: studyUid }, Expand: true };
  const found = await orthanc.call({ method: 'POST', path: '/tools/find', isFixedRoute: true, content });
  return (Array.isArray(found) ? found : []).map((one: unknown) => {
    const { ID, PatientMainDicomTags } = one as {
      ID?: unknown;
      PatientMainDicomTags?: { PatientID?: unknown };
    };
    return { id: String(ID), patientId: String(PatientMainDicomTags?.PatientID ?? '') };
  });
}

/** Whether the document is there already: the answer to an earlier attempt may have been lost. */
async function isStored(orthanc: Orthanc, instanceUid: string): Promise<boolean> {
  const content = { Level: 'Instance', Query: { SOPInstanceUID: instanceUid } };
  const found = await orthanc.call({ method: 'POST', path: '/tools/find', isFixedRoute: true, content });
  return Array.isArray(found) && found.length > 0;
}

/**
 * Adds the document to its study as a series of its own, once: its UID follows from the message, and is looked for before.
 * @throws `HL7_UNKNOWN_KEY` without such a study of that patient; transient failures while Orthanc is away
 */
export async function storeReport(
  { patientId, studyUid, pdf, title }: PlannedReport,
  digest: Uint8Array,
  orthanc: Orthanc,
): Promise<void> {
  const instanceUid = uidFromHash('orthanc-hl7-server report', Buffer.from(digest).toString('hex'));
  const studies = (await studiesOf(orthanc, studyUid)).filter(
    (study) => study.patientId.trim() === patientId.trim(),
  );
  const [study] = studies;
  if (study === undefined || studies.length > 1)
    throw hl7Failure('unknownKey', 'No one study of this patient has the UID of the report.', {
      segment: 'OBR',
      field: 3,
    });
  if (await isStored(orthanc, instanceUid)) return;
  const content = {
    Parent: study.id,
    Force: true,
    Tags: {
      SOPInstanceUID: instanceUid,
      Modality: 'OT',
      SeriesDescription: title,
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.104.1',
      DocumentTitle: title,
      BurnedInAnnotation: 'YES',
      ConversionType: 'WSD',
    },
    Content: `data:application/pdf;base64,${pdf.toString('base64')}`,
  };
  const path = '/tools/create-dicom';
  await orthanc.call({ method: 'POST', path, isFixedRoute: true, content, effect: 'whole' });
}
