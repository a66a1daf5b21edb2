import { hash } from 'node:crypto';
import { orthancIds } from '@orthanc-tools/dicom-files';
import type { DicomIdentifiers, OrthancIds, SopInstanceUid } from '@orthanc-tools/dicom-files';

export interface InstanceIdentifiers extends DicomIdentifiers {
  readonly sopInstanceUid: SopInstanceUid;
}

export interface SyntheticInstance {
  /** The whole Part 10 file. */
  readonly bytes: Buffer;
  readonly identifiers: InstanceIdentifiers;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  /** 1 for the first of its series. */
  readonly instanceNumber: number;
  /** Computed when asked for, as are the hashes. */
  orthancIds(): OrthancIds;
  md5(): string;
  sha256(): string;
}

export const syntheticInstance = (
  made: Omit<SyntheticInstance, 'orthancIds' | 'md5' | 'sha256'>,
): SyntheticInstance => ({
  ...made,
  orthancIds: () => orthancIds(made.identifiers),
  md5: () => hash('md5', made.bytes),
  sha256: () => hash('sha256', made.bytes),
});
