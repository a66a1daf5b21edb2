import { describe, expect, it } from '@jest/globals';
import { readIdentifiers } from '@orthanc-tools/dicom-files';
import { encapsulatePdf, studyAttributes } from './encapsulate-pdf.ts';

const study = studyAttributes({
  SpecificCharacterSet: 'ISO_IR 144',
  PatientName: 'Люкceмбypг',
  PatientID: 'P1',
  StudyInstanceUID: '1.2.3',
  Modality: 'CT',
});
const pdf = Buffer.from('%PDF-1.7 odd');
const uidOf = (bytes: Buffer) => readIdentifiers(bytes).sopInstanceUid;

describe('an encapsulated PDF', () => {
  it('takes over what belongs to patient and study, in their character set, and nothing else', async () => {
    const bytes = await encapsulatePdf(pdf, 'a title', study);
    expect(readIdentifiers(bytes)).toMatchObject({ patientId: 'P1', studyInstanceUid: '1.2.3' });
    expect(bytes.includes(Buffer.from([0xbb, 0xee, 0xda]))).toBe(true);
    expect(bytes.includes('DOC ')).toBe(true);
  });

  it('is the same for the same PDF in the same study, and another one otherwise', async () => {
    const bytes = await encapsulatePdf(pdf, 'a title', study);
    expect(await encapsulatePdf(pdf, 'a title', study)).toEqual(bytes);
    expect(uidOf(await encapsulatePdf(Buffer.from('%PDF-1.7 more'), 'a title', study))).not.toBe(
      uidOf(bytes),
    );
    const elsewhere = { ...study, StudyInstanceUID: '1.2.4' };
    expect(uidOf(await encapsulatePdf(pdf, 'a title', elsewhere))).not.toBe(uidOf(bytes));
  });
});
