import type { MultipartPart } from './split-multipart.ts';

/** The boundary that the header of a multipart answer names; undefined if it is no such header. */
export function boundaryIn(contentType: string | undefined): string | undefined {
  if (contentType === undefined || !/^multipart\/related\b/i.test(contentType)) return undefined;
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType) ?? [];
  return quoted ?? bare;
}

const boundary = 'orthanc-tools-5f0c9b1e7a3d4826';
const lastDelimiter = Buffer.from(`--${boundary}--\r\n`);
const partEnd = Buffer.from('\r\n');

const headOf = (length: number): Buffer =>
  Buffer.from(
    `--${boundary}\r\nContent-Type: application/dicom\r\nContent-Length: ${String(length)}\r\n\r\n`,
  );

const type = `multipart/related; type="application/dicom"; boundary="${boundary}"`;

/** A STOW-RS body of whole files; their bytes are not copied. Orthanc goes by the lengths, so files may hold anything. */
export function stowBody(files: readonly MultipartPart[]): MultipartPart & { readonly type: string } {
  const chunks: Uint8Array[] = [];
  let length = lastDelimiter.length;
  for (const file of files) {
    const head = headOf(file.length);
    chunks.push(head, ...file.chunks, partEnd);
    length += head.length + file.length + partEnd.length;
  }
  chunks.push(lastDelimiter);
  return { chunks, length, type };
}

/** The same of one file that is still coming. */
export function comingStowBody(file: { readonly body: AsyncIterable<Uint8Array>; readonly length: number }): {
  readonly body: AsyncIterable<Uint8Array>;
  readonly length: number;
  readonly type: string;
} {
  const [head, end] = [headOf(file.length), Buffer.concat([partEnd, lastDelimiter])];
  async function* pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    yield head;
    yield* file.body;
    yield end;
  }
  return { body: pieces(), length: head.length + file.length + end.length, type };
}
