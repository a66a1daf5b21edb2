import { describe, expect, it } from '@jest/globals';
import { isOrthancId, orthancIds } from './orthanc-ids.ts';

const identifiers = {
  patientId: 'Müller-1',
  studyInstanceUid: '1.2.3',
  seriesInstanceUid: '1.2.3.4',
  sopInstanceUid: '1.2.3.4.5',
};

describe('orthancIds', () => {
  it('hashes the UTF-8 identifiers from the patient down to the instance', () => {
    // printf 'Müller-1|1.2.3|1.2.3.4|1.2.3.4.5' | sha1sum, and so on
    expect(orthancIds(identifiers)).toEqual({
      patient: '1ff43f02-3444e566-ab034fa7-4c332eff-ce357337',
      study: '6c9f2cdc-5dbb06b9-3281d8da-e4356a47-ad9aa2d1',
      series: '9ee26b53-dd70ac3b-e63de3bc-9fc633f0-98dacf00',
      instance: 'b1c0e937-ac42f6ee-8efbd0bd-9c5a3cf9-e89730ad',
    });
  });

  it('takes an empty PatientID', () => {
    // printf '' | sha1sum
    expect(orthancIds({ ...identifiers, patientId: '' }).patient).toBe(
      'da39a3ee-5e6b4b0d-3255bfef-95601890-afd80709',
    );
  });

  it('leaves padding out, but keeps what DCMTK keeps', () => {
    const patientOf = (patientId: string) => orthancIds({ ...identifiers, patientId }).patient;
    expect(patientOf('AB  ')).toBe(patientOf('AB'));
    expect(patientOf('AB\0')).toBe(patientOf('AB'));
    expect(patientOf('  AB')).not.toBe(patientOf('AB'));
    expect(orthancIds({ ...identifiers, sopInstanceUid: ' 1.2.3.4.5\0' })).toEqual(orthancIds(identifiers));
  });
});

describe('isOrthancId', () => {
  it('recognises five groups of eight hexadecimal digits', () => {
    expect(isOrthancId('da39a3ee-5e6b4b0d-3255bfef-95601890-afd80709')).toBe(true);
    expect(isOrthancId('da39a3ee-5e6b4b0d-3255bfef-95601890')).toBe(false);
    expect(isOrthancId('DA39A3EE-5E6B4B0D-3255BFEF-95601890-AFD80709')).toBe(false);
  });
});
