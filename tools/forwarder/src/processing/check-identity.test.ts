import { describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { checkIdentity } from './check-identity.ts';
import type { Identity } from './order.ts';

const request = { seed: '1', studies: 1, seriesPerStudy: 1, instancesPerSeries: 1, imageSize: 8 };
const [study] = synthesizeArchive({ ...request, modalities: ['CT'] });
const [instance] = study?.instances() ?? [];
if (instance === undefined) throw new Error('nothing was made');
const { patientId, studyInstanceUid, seriesInstanceUid, sopInstanceUid } = instance.identifiers;
const identity: Identity = {
  patientId,
  studyUid: studyInstanceUid,
  seriesUid: seriesInstanceUid,
  sopInstanceUid,
};
const head = Buffer.from(instance.bytes);
const check = (expected: Partial<Identity>, transferSyntax?: string) => () =>
  checkIdentity(head, { expected: { ...identity, ...expected }, transferSyntax }, 'an-id');

describe('what Orthanc has made', () => {
  it('is known by the identifiers that every Orthanc will give it', () => {
    expect(check({})()).toEqual(instance.orthancIds());
    expect(check({}, '1.2.840.10008.1.2.1')().instance).toBe(instance.orthancIds().instance);
  });

  it.each([
    [{ sopInstanceUid: '1.2' }, 'SOPInstanceUID'],
    [{ studyUid: '1.2', seriesUid: '1.3' }, 'StudyInstanceUID, SeriesInstanceUID'],
    [{ patientId: 'somebody else' }, 'PatientID'],
  ])('is refused where it is another: %j', (expected, names) => {
    expect(check(expected)).toThrow(
      expect.objectContaining({
        kind: 'permanent',
        code: 'CHANGED_IDENTITY',
        message: `A changed instance has not the identity that was ordered: ${names}.`,
      }),
    );
  });

  it('is refused where it was not transcoded', () => {
    expect(check({}, '1.2.840.10008.1.2.4.90')).toThrow(expect.objectContaining({ code: 'NOT_TRANSCODED' }));
  });
});
