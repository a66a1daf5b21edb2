import {
  type FileIdentifiers,
  type OrthancIds,
  orthancIds,
  readIdentifiers,
} from '@orthanc-tools/dicom-files';
import { permanentFailure } from '@orthanc-tools/failures';
import type { PlannedChange } from './plan-change.ts';

/**
 * Whether Orthanc has made what it was told to make.
 * @returns the identifiers that every Orthanc will give it
 * @throws permanent `CHANGED_IDENTITY`, `NOT_TRANSCODED`; holds no patient data
 */
export function checkIdentity(
  head: Buffer,
  planned: Pick<PlannedChange, 'expected' | 'transferSyntax'>,
  instance: string,
): OrthancIds {
  const found = readIdentifiers(head);
  const { patientId, studyUid, seriesUid, sopInstanceUid } = planned.expected;
  const ids = orthancIds(found);
  const expected = orthancIds({
    patientId,
    studyInstanceUid: studyUid,
    seriesInstanceUid: seriesUid,
    sopInstanceUid,
  });
  if (ids.instance !== expected.instance)
    throw permanentFailure(
      'CHANGED_IDENTITY',
      `A changed instance has not the identity that was ordered: ${differing(found, planned)}.`,
      { facts: { instance } },
    );
  if (planned.transferSyntax !== undefined && found.transferSyntaxUid !== planned.transferSyntax)
    throw permanentFailure(
      'NOT_TRANSCODED',
      `Orthanc has left an instance in the transfer syntax ${found.transferSyntaxUid}.`,
      { facts: { instance } },
    );
  return ids;
}

/** Names of tags only. */
function differing(found: FileIdentifiers, { expected }: Pick<PlannedChange, 'expected'>): string {
  const names = [
    found.studyInstanceUid !== expected.studyUid && 'StudyInstanceUID',
    found.seriesInstanceUid !== expected.seriesUid && 'SeriesInstanceUID',
    found.sopInstanceUid !== expected.sopInstanceUid && 'SOPInstanceUID',
  ].filter((name) => name !== false);
  return names.length === 0 ? 'PatientID' : names.join(', ');
}
