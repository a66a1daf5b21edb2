import { constants, inflateRawSync } from 'node:zlib';
import { permanentFailure } from '@orthanc-tools/failures';
import dicomParser from 'dicom-parser';
import type { DataSet } from 'dicom-parser';
import { asOrthancReads } from './as-orthanc-reads.ts';
import type { DicomIdentifiers } from './orthanc-ids.ts';
import type { SopInstanceUid } from './uids.ts';

export interface FileIdentifiers extends DicomIdentifiers {
  readonly sopInstanceUid: SopInstanceUid;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
}

/** Patient's Name (0010,0010) and Birth Date (0010,0030) as Orthanc reads them: patient data, never to be logged. */
export interface FilePatient {
  readonly name: string;
  readonly birthDate: string;
}

/** Whether a preamble and the prefix `DICM` stand at the beginning. */
export const hasPart10Prefix = (bytes: Uint8Array): boolean =>
  bytes.length >= 132 &&
  bytes[128] === 0x44 &&
  bytes[129] === 0x49 &&
  bytes[130] === 0x43 &&
  bytes[131] === 0x4d;

// A file of which only the beginning is at hand must still yield its first attributes, hence no complaint about the missing end.
const inflateFrom = (bytes: Uint8Array, position: number): Uint8Array =>
  Buffer.concat([
    bytes.subarray(0, position),
    inflateRawSync(bytes.subarray(position), { finishFlush: constants.Z_SYNC_FLUSH }),
  ]);

const lastTag = 'x0020000e';

const uidsMissing = () =>
  permanentFailure('DICOM_UIDS_MISSING', 'The DICOM file lacks the UID of its study, its series or itself.');

/** What was read before the error reaches further than the identifiers would stand. */
const isBehindThem = (cause: unknown): boolean => {
  const { dataSet } = (typeof cause === 'object' ? (cause ?? {}) : {}) as { readonly dataSet?: DataSet };
  return Object.keys(dataSet?.elements ?? {}).some((tag) => tag > lastTag);
};

const parseHeader = (bytes: Uint8Array): DataSet => {
  try {
    return dicomParser.parseDicom(bytes, { untilTag: lastTag, inflater: inflateFrom });
  } catch (cause) {
    if (isBehindThem(cause)) throw uidsMissing();
    // dicom-parser throws strings and objects with a partial data set, which must not reach a log.
    const reason = typeof cause === 'string' ? cause : 'unreadable';
    throw permanentFailure('DICOM_UNREADABLE', 'The header of the DICOM file cannot be read.', {
      facts: { reason },
    });
  }
};

const rawValue = (dataSet: DataSet, tag: string): Uint8Array => {
  const element = dataSet.elements[tag];
  if (element === undefined) return new Uint8Array();
  return dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
};

const textOf = (dataSet: DataSet, tag: string): string => {
  const terms =
    dataSet
      .string('x00080005')
      ?.split('\\')
      .map((term) => term.trim()) ?? [];
  return asOrthancReads(rawValue(dataSet, tag), terms).replace(/[ \0]+$/, '');
};

const identifiersOf = (dataSet: DataSet): FileIdentifiers => {
  const studyInstanceUid = dataSet.string('x0020000d') ?? '';
  const seriesInstanceUid = dataSet.string('x0020000e') ?? '';
  const sopInstanceUid = (dataSet.string('x00080018') ?? '') as SopInstanceUid;
  if (studyInstanceUid === '' || seriesInstanceUid === '' || sopInstanceUid === '') throw uidsMissing();
  return {
    patientId: textOf(dataSet, 'x00100020'),
    studyInstanceUid,
    seriesInstanceUid,
    sopInstanceUid,
    sopClassUid: dataSet.string('x00080016') ?? dataSet.string('x00020002') ?? '',
    transferSyntaxUid: dataSet.string('x00020010') ?? '',
  };
};

const headerOf = (bytes: Uint8Array): DataSet => {
  if (!hasPart10Prefix(bytes))
    throw permanentFailure('NOT_DICOM', 'This is not a DICOM file: it has no Part 10 prefix.');
  return parseHeader(bytes);
};

/**
 * Reads the header up to the Series Instance UID; the beginning of a file is enough as long as it reaches there.
 * Permanent failures: `NOT_DICOM` without the Part 10 prefix, `DICOM_UNREADABLE`, `DICOM_UIDS_MISSING`.
 */
export const readIdentifiers = (bytes: Uint8Array): FileIdentifiers => identifiersOf(headerOf(bytes));

/** The same, with what the header says of the patient. */
export const readHeader = (
  bytes: Uint8Array,
): { readonly identifiers: FileIdentifiers; readonly patient: FilePatient } => {
  const dataSet = headerOf(bytes);
  const patient = { name: textOf(dataSet, 'x00100010'), birthDate: textOf(dataSet, 'x00100030') };
  return { identifiers: identifiersOf(dataSet), patient };
};
