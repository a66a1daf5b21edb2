import { transferSyntaxes } from '@orthanc-tools/dicom-files';
import { encodeRle } from './rle.ts';

export interface FrameShape {
  readonly rows: number;
  readonly columns: number;
  readonly bitsStored: number;
}

export const bytesPerPixel = (bitsStored: number): 1 | 2 => (bitsStored > 8 ? 2 : 1);

/** How the pixel data of a series is written. */
export interface TransferSyntaxWriter {
  readonly uid: string;
  /** Absent where pixels stay as they are. Takes and keeps pixels of one byte, or of two (little endian), without loss. */
  readonly encodeFrame?: (pixels: Uint8Array, shape: FrameShape) => Uint8Array;
}

export type TransferSyntaxName = keyof typeof transferSyntaxes;

export const transferSyntaxNames = Object.keys(transferSyntaxes) as readonly TransferSyntaxName[];

/** A writer for the transfer syntax; the encoders of JPEG-LS and JPEG 2000 are loaded on demand. */
export const openTransferSyntax = async (name: TransferSyntaxName): Promise<TransferSyntaxWriter> => {
  const uid = transferSyntaxes[name];
  if (name === 'rleLossless')
    return {
      uid,
      encodeFrame: (pixels, { columns, bitsStored }) =>
        encodeRle(pixels, { columns, bytesPerPixel: bytesPerPixel(bitsStored) }),
    };
  if (name === 'jpegLsLossless')
    return { uid, encodeFrame: await (await import('./jpeg-ls.ts')).openJpegLs() };
  if (name === 'jpeg2000Lossless')
    return { uid, encodeFrame: await (await import('./jpeg-2000.ts')).openJpeg2000() };
  return { uid };
};

export const explicitLittleEndian: TransferSyntaxWriter = { uid: transferSyntaxes.explicitLittleEndian };
