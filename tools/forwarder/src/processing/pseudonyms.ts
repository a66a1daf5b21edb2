import { createHmac } from 'node:crypto';
import { uidFromHash } from '@orthanc-tools/dicom-files';

/** New identifiers in place of others: with one key always the same for the same, and nobody without it can tell which. */
export interface Pseudonyms {
  /** `2.25.…`, for a UID of anything. */
  uid(original: string): string;
  /** 16 hexadecimal digits, for the PatientID, or whatever else stands for the patient. */
  patient(original: string): string;
}

export function pseudonymsBy(key: Uint8Array): Pseudonyms {
  const digest = (of: string, original: string) =>
    createHmac('sha256', key).update(`${of}|${original}`).digest('hex');
  return {
    uid: (original) => uidFromHash(digest('uid', original)),
    patient: (original) => digest('patient', original).slice(0, 16),
  };
}
