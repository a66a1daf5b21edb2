import openCharls from '@cornerstonejs/codec-charls';
import openOpenjpeg from '@cornerstonejs/codec-openjpeg';
import { describe, expect, it } from '@jest/globals';
import { ct } from '../iods/ct.ts';
import { render } from './paint.ts';
import { encodeRle } from './rle.ts';
import { openTransferSyntax } from './transfer-syntax-writers.ts';

const frameOf = (rows: number, columns: number): Buffer => {
  if (ct.image === undefined) throw new Error('CT has images');
  return render(ct.image.paint(0.5), { rows, columns }, 1);
};

const unpack = (segment: Buffer, length: number): number[] => {
  const bytes: number[] = [];
  for (let at = 0; bytes.length < length;) {
    const count = segment.readInt8(at);
    if (count >= 0) bytes.push(...segment.subarray(at + 1, at + count + 2));
    else bytes.push(...Array<number>(1 - count).fill(segment[at + 1] ?? 0));
    at += count >= 0 ? count + 2 : 2;
  }
  return bytes;
};

const decodeRle = (encoded: Buffer, pixels: number): Buffer => {
  const high = unpack(encoded.subarray(encoded.readUInt32LE(4)), pixels);
  const low = unpack(encoded.subarray(encoded.readUInt32LE(8)), pixels);
  return Buffer.from(high.flatMap((byte, at) => [low[at] ?? 0, byte]));
};

describe.each([
  [1, 1],
  [2, 2],
  [3, 5],
  [16, 16],
  [64, 300],
])('a frame of %d rows and %d columns', (rows, columns) => {
  const frame = frameOf(rows, columns);
  const shape = { rows, columns, bitsStored: 12 };

  it('comes back from RLE', () => {
    expect(decodeRle(encodeRle(frame, { columns, bytesPerPixel: 2 }), rows * columns)).toEqual(frame);
  });

  it('comes back from JPEG-LS', async () => {
    const { encodeFrame } = await openTransferSyntax('jpegLsLossless');
    const decoder = new (await openCharls({ print: () => undefined })).JpegLSDecoder();
    const encoded = encodeFrame?.(frame, shape) ?? new Uint8Array();
    decoder.getEncodedBuffer(encoded.length).set(encoded);
    decoder.decode();
    expect(Buffer.from(decoder.getDecodedBuffer())).toEqual(frame);
  });

  it('comes back from JPEG 2000', async () => {
    const { encodeFrame } = await openTransferSyntax('jpeg2000Lossless');
    const decoder = new (await openOpenjpeg({ print: () => undefined })).J2KDecoder();
    const encoded = encodeFrame?.(frame, shape) ?? new Uint8Array();
    decoder.getEncodedBuffer(encoded.length).set(encoded);
    decoder.decode();
    expect(Buffer.from(decoder.getDecodedBuffer())).toEqual(frame);
  });
});
