import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { SyntheticInstance } from '@orthanc-tools/dicom-synthesis';

const numberOfFrames = Buffer.from([0x28, 0, 8, 0, 0x49, 0x53]);
const pixelData = Buffer.from([0xe0, 0x7f, 0x10, 0]);
const pieceBytes = 4 * 1024 * 1024;

/** Of a small multiframe instance (explicit little endian): its pixels, and how many frames they are. */
function partsOf({ bytes }: SyntheticInstance) {
  const framesAt = bytes.indexOf(numberOfFrames);
  const valueAt = framesAt + numberOfFrames.length + 2;
  const valueLength = bytes.readUInt16LE(valueAt - 2);
  const pixelsAt = bytes.lastIndexOf(pixelData);
  const frames = Number(bytes.toString('latin1', valueAt, valueAt + valueLength));
  const pixels = bytes.subarray(pixelsAt + 12);
  if (framesAt < 0 || pixelsAt < 0 || !(frames > 0)) throw new Error('not the multiframe instance expected');
  return {
    before: bytes.subarray(0, framesAt),
    between: bytes.subarray(valueAt + valueLength, pixelsAt + 8),
    frames,
    pixels,
  };
}

/** Writes the instance with so many frames more that it has about so many bytes; gives its size and MD5. */
export async function writeMultiframe(
  path: string,
  instance: SyntheticInstance,
  about: number,
): Promise<{ size: number; md5: string }> {
  const { before, between, frames, pixels } = partsOf(instance);
  const times = Math.floor(about / pixels.length);
  const value = String(frames * times).padEnd(12);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(pixels.length * times);
  const head = Buffer.concat([
    before,
    numberOfFrames,
    Buffer.from([12, 0]),
    Buffer.from(value),
    between,
    length,
  ]);
  const repeats = Math.max(1, Math.floor(pieceBytes / pixels.length));
  const piece = Buffer.concat(Array.from({ length: repeats }, () => pixels));
  const md5 = createHash('md5');
  await using file = await open(path, 'w');
  const write = async (bytes: Buffer) => {
    md5.update(bytes);
    await file.write(bytes);
  };
  await write(head);
  for (let left = times; left > 0; left -= repeats)
    await write(piece.subarray(0, Math.min(left, repeats) * pixels.length));
  return { size: head.length + pixels.length * times, md5: md5.digest('hex') };
}
