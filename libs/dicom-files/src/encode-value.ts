import type { ByteSink } from './byte-sink.ts';
import type { BytesElement, NumericElement, TextElement } from './data-set.ts';
import { isAscii } from './encode-text.ts';
import type { EncodeText } from './encode-text.ts';

const withCharacterSet = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);
const zeroPadded = new Set(['UI', 'OB', 'UN']);
const padding = (vr: string): number => (zeroPadded.has(vr) ? 0x00 : 0x20);

/** Values have an even length (PS3.5 section 7.1). */
export const padToEven = (bytes: Buffer, vr: string): Buffer =>
  bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(padding(vr))]);

/** All values of a text element, with what separates them and what pads them. */
export const writeTextValue = (element: TextElement, encodeText: EncodeText, sink: ByteSink): void => {
  const { vr, text } = element;
  const begin = sink.length();
  const hasCharacterSet = withCharacterSet.has(vr);
  text.forEach((value, at) => {
    if (at > 0) sink.latin1('\\');
    if (!hasCharacterSet || isAscii(value)) sink.latin1(value);
    else sink.bytes(encodeText(value, vr === 'PN' ? '^=' : ''));
  });
  if ((sink.length() - begin) % 2 === 1) sink.latin1(String.fromCharCode(padding(vr)));
};

interface BinaryNumber {
  readonly size: 2 | 4 | 8;
  write(target: DataView, at: number, value: number | bigint, littleEndian: boolean): void;
}
const binary: Readonly<Record<string, BinaryNumber>> = {
  US: { size: 2, write: (target, at, value, little) => target.setUint16(at, Number(value), little) },
  SS: { size: 2, write: (target, at, value, little) => target.setInt16(at, Number(value), little) },
  UL: { size: 4, write: (target, at, value, little) => target.setUint32(at, Number(value), little) },
  SL: { size: 4, write: (target, at, value, little) => target.setInt32(at, Number(value), little) },
  FL: { size: 4, write: (target, at, value, little) => target.setFloat32(at, Number(value), little) },
  FD: { size: 8, write: (target, at, value, little) => target.setFloat64(at, Number(value), little) },
  SV: { size: 8, write: (target, at, value, little) => target.setBigInt64(at, BigInt(value), little) },
  UV: { size: 8, write: (target, at, value, little) => target.setBigUint64(at, BigInt(value), little) },
  AT: {
    size: 4,
    write: (target, at, value, little) => {
      target.setUint16(at, Math.floor(Number(value) / 0x10000), little);
      target.setUint16(at + 2, Number(value) % 0x10000, little);
    },
  },
};

export const isBinaryNumber = (vr: string): boolean => vr in binary;

export const encodeNumericValue = (element: NumericElement, bigEndian: boolean): Buffer => {
  const format = binary[element.vr];
  if (format === undefined) throw new TypeError(`VR ${element.vr} does not hold binary numbers`);
  const bytes = Buffer.alloc(format.size * element.numbers.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  element.numbers.forEach((value, at) => format.write(view, at * format.size, value, !bigEndian));
  return bytes;
};

/** Turns little-endian words into big-endian ones, in place. */
const swapWords = (bytes: Buffer, vr: string): Buffer => {
  if (vr === 'OW') return bytes.swap16();
  if (vr === 'OL' || vr === 'OF') return bytes.swap32();
  return vr === 'OD' || vr === 'OV' ? bytes.swap64() : bytes;
};

export const encodeBytesValue = (element: BytesElement, bigEndian: boolean): Buffer => {
  const bytes = padToEven(Buffer.from(element.bytes), element.vr);
  return bigEndian ? swapWords(bytes, element.vr) : bytes;
};
