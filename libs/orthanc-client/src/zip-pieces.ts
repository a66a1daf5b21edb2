import { Zip, ZipPassThrough } from 'fflate';
import type { MultipartPart } from './split-multipart.ts';

/** An uncompressed ZIP of the files, as pieces; the files' bytes are not copied. */
export function zipPieces(files: readonly MultipartPart[]): MultipartPart {
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error !== null) throw error;
    chunks.push(piece);
  });
  files.forEach((file, index) => {
    const entry = new ZipPassThrough(`${String(index)}.dcm`);
    zip.add(entry);
    file.chunks.forEach((chunk, at) => entry.push(chunk, at === file.chunks.length - 1));
  });
  zip.end();
  return { chunks, length: chunks.reduce((sum, { length }) => sum + length, 0) };
}
