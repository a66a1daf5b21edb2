import { type Failure, transientFailure } from '@orthanc-tools/failures';
import type { MultipartPart, Orthanc, StoreReceipt, StoredInstance } from '@orthanc-tools/orthanc-client';

interface Ends {
  readonly source: { readonly instances: Pick<Orthanc['instances'], 'readFile' | 'openFile'> };
  readonly destination: { readonly instances: Pick<Orthanc['instances'], 'store'> };
}

/**
 * The file of an instance, as large as the source has told. One of another size was cut on the way, by something that
 * ends an answer without saying so, or replaced since it was listed: either way it must not be stored.
 */
export async function readFile(
  { id, size }: Pick<StoredInstance, 'id' | 'size'>,
  { source }: Pick<Ends, 'source'>,
  signal: AbortSignal,
): Promise<MultipartPart> {
  const file = await source.instances.readFile(id, { signal, expected: size });
  if (file.length === size) return file;
  file.release?.();
  throw otherSize(file.length, size);
}

/** Streams the file of an instance from server to server, on the same condition. */
export async function streamFile(
  { id, size }: Pick<StoredInstance, 'id' | 'size'>,
  { source, destination }: Ends,
  signal: AbortSignal,
): Promise<StoreReceipt[]> {
  const { body } = await source.instances.openFile(id, signal);
  return destination.instances.store({ body: exactly(size, body), length: size }, signal);
}

/** The last piece is held back until it is known to be the last: a request that is broken before it stores nothing. */
async function* exactly(size: number, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let [length, held]: [number, Buffer | undefined] = [0, undefined];
  for await (const piece of body) {
    length += piece.length;
    if (length > size) throw otherSize(length, size);
    if (held !== undefined) yield held;
    held = piece;
  }
  if (length !== size) throw otherSize(length, size);
  if (held !== undefined) yield held;
}

const otherSize = (bytes: number, expected: number): Failure =>
  transientFailure(
    'FILE_OF_ANOTHER_SIZE',
    `The source sent ${String(bytes)} bytes of a file of ${String(expected)}: it was cut on the way, or replaced meanwhile.`,
  );
