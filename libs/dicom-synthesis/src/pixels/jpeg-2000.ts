// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- other packages compile this source too and must see the declaration
/// <reference path="./cornerstone-codecs.d.ts" />
import type { TransferSyntaxWriter } from './transfer-syntax-writers.ts';

/** Halving a picture more often than its size allows would be refused. */
const decompositionsOf = (size: number): number => Math.max(0, Math.min(5, 31 - Math.clz32(size)));

/** OpenJPEG, compiled to JavaScript. */
export const openJpeg2000 = async (): Promise<NonNullable<TransferSyntaxWriter['encodeFrame']>> => {
  const { default: open } = await import('@cornerstonejs/codec-openjpeg');
  const { J2KEncoder } = await open({ print: () => undefined });
  return (pixels, { rows, columns, bitsStored }) => {
    const encoder = new J2KEncoder();
    const frame = {
      width: columns,
      height: rows,
      bitsPerSample: bitsStored,
      componentCount: 1,
      isSigned: false,
    };
    encoder.getDecodedBuffer({ ...frame, isUsingColorTransform: false }).set(pixels);
    encoder.setQuality(true, 0);
    encoder.setDecompositions(decompositionsOf(Math.min(rows, columns)));
    encoder.encode();
    const encoded = Uint8Array.from(encoder.getEncodedBuffer());
    encoder.delete();
    return encoded;
  };
};
