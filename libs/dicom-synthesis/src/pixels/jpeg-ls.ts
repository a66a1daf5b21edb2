// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- other packages compile this source too and must see the declaration
/// <reference path="./cornerstone-codecs.d.ts" />
import type { TransferSyntaxWriter } from './transfer-syntax-writers.ts';

/** CharLS, compiled to JavaScript. */
export const openJpegLs = async (): Promise<NonNullable<TransferSyntaxWriter['encodeFrame']>> => {
  const { default: open } = await import('@cornerstonejs/codec-charls');
  const { JpegLSEncoder } = await open({ print: () => undefined });
  return (pixels, { rows, columns, bitsStored }) => {
    const encoder = new JpegLSEncoder();
    const frame = {
      width: columns,
      height: rows,
      bitsPerSample: bitsStored,
      componentCount: 1,
      isSigned: false,
    };
    encoder.getDecodedBuffer(frame).set(pixels);
    encoder.setNearLossless(0);
    encoder.encode();
    const encoded = Uint8Array.from(encoder.getEncodedBuffer());
    encoder.delete();
    return encoded;
  };
};
