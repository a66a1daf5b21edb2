/** The transfer syntaxes that this library names; files in others are read as long as their header is explicit little endian. */
export const transferSyntaxes = {
  implicitLittleEndian: '1.2.840.10008.1.2',
  explicitLittleEndian: '1.2.840.10008.1.2.1',
  deflatedExplicitLittleEndian: '1.2.840.10008.1.2.1.99',
  explicitBigEndian: '1.2.840.10008.1.2.2',
  jpegLsLossless: '1.2.840.10008.1.2.4.80',
  jpeg2000Lossless: '1.2.840.10008.1.2.4.90',
  rleLossless: '1.2.840.10008.1.2.5',
} as const;

const native: readonly string[] = [
  transferSyntaxes.implicitLittleEndian,
  transferSyntaxes.explicitLittleEndian,
  transferSyntaxes.deflatedExplicitLittleEndian,
  transferSyntaxes.explicitBigEndian,
];

/** Encapsulated: pixel data comes in fragments of undefined total length (PS3.5 A.4). */
export const isEncapsulated = (transferSyntaxUid: string): boolean => !native.includes(transferSyntaxUid);

export interface ByteLayout {
  readonly explicitVr: boolean;
  readonly bigEndian: boolean;
}

export const layoutOf = (transferSyntaxUid: string): ByteLayout => ({
  explicitVr: transferSyntaxUid !== transferSyntaxes.implicitLittleEndian,
  bigEndian: transferSyntaxUid === transferSyntaxes.explicitBigEndian,
});
