import { transferSyntaxes } from '@orthanc-tools/dicom-files';
import { encodeRle } from './rle.ts';

export interface FrameShape {
  readonly rows: number;
  readonly columns: number;
  readonly bitsStored: number;
}

/** How the pixel data of a series is written. */
export interface TransferSyntaxWriter {
  readonly uid: string;
  /** Absent where pixels stay as they are. Takes and keeps little-endian 16-bit pixels, without loss. */
  readonly encodeFrame?: (pixels: Uint8Array, shape: FrameShape) => Uint8Array;
}

export type TransferSyntaxName = keyof typeof transferSyntaxes;

export const transferSyntaxNames = Object.keys(transferSyntaxes) as readonly TransferSyntaxName[];

/** A writer for the transfer syntax; the encoders of JPEG-LS and JPEG 2000 are loaded on demand. */
export const openTransferSyntax = async (name: TransferSyntaxName): Promise<TransferSyntaxWriter> => {
  const uid = transferSyntaxes[name];
  if (name === 'rleLossless')
    return { uid, encodeFrame: (pixels, { columns }) => encodeRle(pixels, columns) };
  if (name === 'jpegLsLossless')
    return { uid, encodeFrame: await (await import('./jpeg-ls.ts')).openJpegLs() };
  if (name === 'jpeg2000Lossless')
    return { uid, encodeFrame: await (await import('./jpeg-2000.ts')).openJpeg2000() };
  return { uid };
};

export const explicitLittleEndian: TransferSyntaxWriter = { uid: transferSyntaxes.explicitLittleEndian };
