import type { StoredInstance } from '@orthanc-tools/orthanc-client';

/** What tells one file of an instance from another that took its place at the same server. */
interface FileFacts extends Pick<StoredInstance, 'md5' | 'size' | 'isWithoutFile'> {
  readonly fileUuid?: string | undefined;
}

/**
 * Whether a server holds the same file as before. By MD5, or by what it keeps the file under: the size alone would let one
 * pass that was overwritten by another of equal length. Pure.
 */
export const isSameFile = (one: FileFacts, other: FileFacts): boolean =>
  one.md5 === other.md5 &&
  one.size === other.size &&
  one.fileUuid === other.fileUuid &&
  one.isWithoutFile === other.isWithoutFile;
