import { permanentFailure } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import type { ContentKind } from './recognize.ts';

export type ArchiveKind = 'zip' | 'gzip';

export const isArchive = (kind: ContentKind): kind is ArchiveKind => kind === 'zip' || kind === 'gzip';

/** What one archive, with all that is nested in it, may make of itself. */
export interface ArchiveLimits {
  readonly entries: number;
  /** Inflated, in bytes. */
  readonly bytes: number;
  /** Inflated bytes for one byte of the archive. */
  readonly ratio: number;
  /** Archives within archives. */
  readonly nesting: number;
}

/** Counts what is read of one archive. @throws permanent `ARCHIVE_LIMIT` beyond a limit */
export interface ArchiveBudget {
  readonly nesting: number;
  countEntry(): void;
  /** Counts the bytes that pass. */
  counting(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer>;
}

/** A few images of one colour compress better than any limit that would stop a bomb. */
const ratioCountsFrom = 64 * 1024 * 1024;

export function archiveBudget(limits: ArchiveLimits, archiveBytes: number): ArchiveBudget {
  let [entries, bytes] = [0, 0];
  function countBytes(length: number): void {
    bytes += length;
    if (bytes > limits.bytes)
      throw beyond(`more than ${String(limits.bytes / 1e6)} MB when inflated`, 'maxArchiveMegabytes');
    if (bytes > ratioCountsFrom && bytes > archiveBytes * limits.ratio)
      throw beyond(`inflates to more than ${String(limits.ratio)} times its size`, 'maxArchiveRatio');
  }
  return {
    nesting: limits.nesting,
    countEntry() {
      entries += 1;
      if (entries > limits.entries)
        throw beyond(`more than ${String(limits.entries)} entries`, 'maxArchiveEntries');
    },
    async *counting(body) {
      for await (const piece of body) {
        countBytes(piece.length);
        yield piece;
      }
    },
  };
}

const beyond = (what: string, option: LimitOption) =>
  permanentFailure('ARCHIVE_LIMIT', `The archive was left: ${what}. ${raisedBy(option)}`);

type LimitOption = 'maxArchiveEntries' | 'maxArchiveMegabytes' | 'maxArchiveRatio' | 'maxArchiveNesting';

export const raisedBy = (option: LimitOption): string => `${nameOf(option)} raises the limit.`;
