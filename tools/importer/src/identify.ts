import { asFailure } from '@orthanc-tools/failures';
import { orthancIds, readIdentifiers } from '@orthanc-tools/dicom-files';

/** How Orthanc will know an instance. */
export interface Identity {
  readonly id: string;
  readonly studyId: string;
  readonly sopInstanceUid: string;
}

/** From the beginning of a file; undefined where that does not tell: then what Orthanc answers counts. */
export function identify(head: Buffer): Identity | undefined {
  try {
    const identifiers = readIdentifiers(head);
    const { instance, study } = orthancIds(identifiers);
    return { id: instance, studyId: study, sopInstanceUid: identifiers.sopInstanceUid };
  } catch (error) {
    if (asFailure(error) === undefined) throw error;
    return undefined;
  }
}
