import { type Failure, transientFailure } from '@orthanc-tools/failures';
import type { Orthanc, StoredInstance } from '@orthanc-tools/orthanc-client';

export type Readable = Pick<Orthanc, 'url'> & { readonly instances: Pick<Orthanc['instances'], 'openFile'> };

/** A file, and how large its server says it is; where nobody knows, nothing tells a part of it from the whole. */
export interface SizedFile extends Pick<StoredInstance, 'id'> {
  /** Bytes. */
  readonly size?: number | undefined;
}

/**
 * The bytes of a stored file as they come; no more of them than there ought to be. An answer that ends with its connection
 * looks whole wherever it was cut.
 * @throws transient `FILE_OF_ANOTHER_SIZE`
 */
export async function* wholeFile(
  orthanc: Readable,
  { id, size }: SizedFile,
  signal?: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const { body } = await orthanc.instances.openFile(id, signal);
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (size !== undefined && length > size) throw otherSize(orthanc, size);
    yield piece;
  }
  if (size !== undefined && length !== size) throw otherSize(orthanc, size);
}

const otherSize = ({ url }: Readable, size: number): Failure =>
  transientFailure(
    'FILE_OF_ANOTHER_SIZE',
    `Orthanc at ${url} gave another number of bytes of a file than the ${String(size)} it has: it was cut on the way, or replaced meanwhile.`,
    { facts: { server: url } },
  );
