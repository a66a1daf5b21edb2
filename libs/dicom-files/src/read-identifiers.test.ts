import { describe, expect, it } from '@jest/globals';
import { loadDictionary } from './dictionary.ts';
import { encodePart10 } from './part10.ts';
import { readHeader, readIdentifiers } from './read-identifiers.ts';
import { toDataSet } from './to-data-set.ts';
import type { Attributes } from './to-data-set.ts';
import { transferSyntaxes } from './transfer-syntaxes.ts';

const dictionary = await loadDictionary();
const attributes: Attributes = {
  SpecificCharacterSet: 'ISO_IR 144',
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
  SOPInstanceUID: '1.2.3.4.5',
  PatientName: 'Secret^Name',
  PatientBirthDate: '19500131',
  PatientID: 'Иван-1',
  StudyInstanceUID: '1.2.3',
  SeriesInstanceUID: '1.2.3.4',
  PixelData: new Uint8Array(20_000),
};
const fileOf = (changes: Attributes, transferSyntaxUid?: string): Buffer =>
  encodePart10(toDataSet({ ...attributes, ...changes }, dictionary), transferSyntaxUid);

describe('readIdentifiers', () => {
  it.each([
    transferSyntaxes.explicitLittleEndian,
    transferSyntaxes.implicitLittleEndian,
    transferSyntaxes.explicitBigEndian,
    transferSyntaxes.deflatedExplicitLittleEndian,
  ])('reads a file in %s', (transferSyntaxUid) => {
    expect(readIdentifiers(fileOf({}, transferSyntaxUid))).toEqual({
      patientId: 'Иван-1',
      studyInstanceUid: '1.2.3',
      seriesInstanceUid: '1.2.3.4',
      sopInstanceUid: '1.2.3.4.5',
      sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
      transferSyntaxUid,
    });
  });

  it.each([transferSyntaxes.explicitLittleEndian, transferSyntaxes.deflatedExplicitLittleEndian])(
    'needs only the beginning of a file in %s',
    (transferSyntaxUid) => {
      const file = fileOf(
        { PixelData: Buffer.from(Array.from({ length: 20_000 }, (_, at) => (at * at * 31) % 251)) },
        transferSyntaxUid,
      );
      expect(readIdentifiers(file.subarray(0, 900)).seriesInstanceUid).toBe('1.2.3.4');
    },
  );

  it('tells what the header says of the patient, where that is asked for', () => {
    const { identifiers, patient } = readHeader(fileOf({ PatientName: 'Иванов^Иван' }));
    expect(patient).toEqual({ name: 'Иванов^Иван', birthDate: '19500131' });
    expect(identifiers).toEqual(readIdentifiers(fileOf({})));
    expect(readHeader(fileOf({ PatientName: undefined, PatientBirthDate: undefined })).patient).toEqual({
      name: '',
      birthDate: '',
    });
  });

  it('takes an absent PatientID as empty', () => {
    expect(readIdentifiers(fileOf({ PatientID: undefined })).patientId).toBe('');
  });

  it('leaves the file as it is', () => {
    const file = fileOf({});
    const before = Buffer.from(file);
    readIdentifiers(file);
    expect(file).toEqual(before);
  });

  it.each([
    ['NOT_DICOM', () => Buffer.from('%PDF-1.7')],
    ['NOT_DICOM', () => Buffer.alloc(0)],
    ['DICOM_UIDS_MISSING', () => fileOf({ StudyInstanceUID: undefined })],
    ['DICOM_UIDS_MISSING', () => fileOf({ SOPInstanceUID: [] })],
    ['DICOM_UIDS_MISSING', () => fileOf({ SeriesInstanceUID: undefined, Rows: 1 }).subarray(0, 900)],
    ['DICOM_UNREADABLE', () => fileOf({}).subarray(0, 140)],
    ['DICOM_UNREADABLE', () => fileOf({}).subarray(0, 400)],
  ])('fails with %s, for good and without patient data', (code, make) => {
    const failure = expect.objectContaining({ kind: 'permanent', code });
    expect(() => readIdentifiers(make())).toThrow(failure);
    expect(() => readIdentifiers(make())).not.toThrow('Secret');
  });
});
