import { permanentFailure } from '@orthanc-tools/failures';

/** A member as its archive tells it, not looked at yet. */
export interface ArchiveEntry {
  readonly name: string;
  /** Bytes; undefined where it shows only at the end. */
  readonly size: number | undefined;
  /** A link or the like, which has no content of its own. */
  readonly isNoFile?: true;
  /** To be read, or left, before the next entry is asked for. */
  open(): Promise<AsyncIterable<Buffer>>;
}

/** By its name; what has a content is none, whatever its name. */
export const isFolder = (name: string, size = 0): boolean => name.endsWith('/') && size === 0;

export const encrypted = () =>
  permanentFailure('MEMBER_ENCRYPTED', 'The member of the archive is encrypted.');

export const unknownKind = () =>
  permanentFailure('MEMBER_UNREADABLE', 'The member of the archive is stored in a way that is not known.');
