import { createHash } from 'node:crypto';
import { transientFailure } from '@orthanc-tools/failures';

/** A file as it comes; `length` in bytes. */
export interface ComingFile {
  readonly body: AsyncIterable<Buffer>;
  readonly length?: number | undefined;
}

export interface ReadFile {
  readonly md5: string;
  /** Bytes. */
  readonly size: number;
  /** The beginning, enough to tell whose it is. */
  readonly head: Buffer;
  /** All of it, where that was wanted. */
  readonly pieces: readonly Buffer[] | undefined;
}

/** The identifiers stand among the first tags; what lies before them may be long (bytes). */
const headLength = 1024 ** 2;

/** Reads a file to its end, and keeps no more of it than its beginning unless told so. */
export async function readMade({ body }: ComingFile, keepsAll: boolean): Promise<ReadFile> {
  const hash = createHash('md5');
  const pieces: Buffer[] = [];
  let [size, held] = [0, 0];
  for await (const piece of body) {
    hash.update(piece);
    size += piece.length;
    if (!keepsAll && held >= headLength) continue;
    pieces.push(piece);
    held += piece.length;
  }
  const head = Buffer.concat(pieces).subarray(0, headLength);
  return { md5: hash.digest('hex'), size, head, pieces: keepsAll ? pieces : undefined };
}

/**
 * The same file once more. Its last piece comes only when it is known to be what was expected: whoever sends it on as it
 * comes has sent nothing that counts before that.
 * @throws transient `CHANGED_OTHERWISE` in place of the last piece
 */
export async function* untilProved(
  { body }: ComingFile,
  expected: { readonly md5: string; readonly size: number },
): AsyncGenerator<Buffer, void, undefined> {
  const hash = createHash('md5');
  let size = 0;
  let last: Buffer | undefined;
  for await (const piece of body) {
    hash.update(piece);
    size += piece.length;
    if (last !== undefined) yield last;
    last = piece;
  }
  if (size !== expected.size || hash.digest('hex') !== expected.md5)
    throw transientFailure(
      'CHANGED_OTHERWISE',
      'An instance, changed once more in the same way, was another: it was replaced meanwhile, or is not always changed alike.',
    );
  if (last !== undefined) yield last;
}
