import { createHash, type Hash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';

/** Preamble and `DICM` (DICOM PS3.10 7.1). */
const startOfHead = 132;

const implicitLittleEndian = '1.2.840.10008.1.2';
const explicitLittleEndian = '1.2.840.10008.1.2.1';
const deflatedLittleEndian = '1.2.840.10008.1.2.1.99';
const bigEndian = '1.2.840.10008.1.2.2';

/**
 * A digest of the data set of a DICOM file that is the same however the file was written: without its head (preamble and group
 * 0002), padding, group lengths, and lengths of sequences. Whoever passes a file on by C-STORE writes these anew. A file that
 * cannot be read so counts byte by byte.
 */
export function dataSetDigest(file: Buffer): string {
  const head = headOf(file);
  const hash = createHash('sha256').update(head.transferSyntax);
  try {
    if (head.transferSyntax === bigEndian) return hash.update(file.subarray(head.end)).digest('hex');
    const rest = file.subarray(head.end);
    const bytes = head.transferSyntax === deflatedLittleEndian ? inflateRawSync(rest) : rest;
    const isExplicit = head.transferSyntax !== implicitLittleEndian;
    walkElements({ bytes, isExplicit, hash }, 0, bytes.length);
    return hash.digest('hex');
  } catch (error) {
    if (!(error instanceof RangeError) && (error as { code?: unknown }).code === undefined) throw error;
    return createHash('sha256').update(file.subarray(head.end)).digest('hex');
  }
}

/** Orthanc takes, and keeps as they came, also files without preamble, or without group 0002, which C-STORE then adds. */
function headOf(file: Buffer): { readonly end: number; readonly transferSyntax: string } {
  let end = file.toString('latin1', 128, startOfHead) === 'DICM' ? startOfHead : 0;
  let transferSyntax: string | undefined;
  while (end + longestElementHead <= file.length && file.readUInt16LE(end) === groupOfHead) {
    const { tag, start, length } = elementAt({ bytes: file, isExplicit: true }, end);
    end = start + length;
    if (tag === transferSyntaxUid)
      transferSyntax = file.toString('latin1', start, end).replaceAll('\0', '').trim();
  }
  return { end, transferSyntax: transferSyntax ?? seemingSyntax(file, end) };
}

/** Of a data set that nobody says how it is written: a VR, two capitals, would be a length beyond all first elements. */
const seemingSyntax = (file: Buffer, start: number): string =>
  /^[A-Z]{2}$/.test(file.toString('latin1', start + 4, start + 6))
    ? explicitLittleEndian
    : implicitLittleEndian;

interface Walk {
  readonly bytes: Buffer;
  readonly isExplicit: boolean;
  readonly hash: Hash;
}

const groupOfHead = 0x0002;
const longestElementHead = 12;
const transferSyntaxUid = 0x00020010;
const undefinedLength = 0xffffffff;
const item = 0xfffee000;
const endOfItem = 0xfffee00d;
const endOfSequence = 0xfffee0dd;
const pixelData = 0x7fe00010;
/** Data Set Trailing Padding has no meaning (DICOM PS3.10 7.2); servers leave it out when they send. */
const trailingPadding = 0xfffcfffc;
const longVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const binaryVrs = new Set([
  'AT',
  'FD',
  'FL',
  'OB',
  'OD',
  'OF',
  'OL',
  'OV',
  'OW',
  'SL',
  'SS',
  'SV',
  'UL',
  'US',
  'UV',
]);

interface Element {
  readonly tag: number;
  /** Empty where it is not written. */
  readonly vr: string;
  readonly start: number;
  readonly length: number;
}

const tagAt = (bytes: Buffer, at: number): number =>
  bytes.readUInt16LE(at) * 0x10000 + bytes.readUInt16LE(at + 2);

function elementAt({ bytes, isExplicit }: Pick<Walk, 'bytes' | 'isExplicit'>, at: number): Element {
  const tag = tagAt(bytes, at);
  if (!isExplicit || tag >= item) return { tag, vr: '', start: at + 8, length: bytes.readUInt32LE(at + 4) };
  const vr = bytes.toString('latin1', at + 4, at + 6);
  return longVrs.has(vr)
    ? { tag, vr, start: at + 12, length: bytes.readUInt32LE(at + 8) }
    : { tag, vr, start: at + 8, length: bytes.readUInt16LE(at + 6) };
}

/** Gives where it ends: at `end`, or behind the mark that ends an item. */
function walkElements(walk: Walk, from: number, end: number): number {
  for (let at = from; at < end;) {
    const element = elementAt(walk, at);
    if (element.tag === endOfItem) return element.start;
    at = walkElement(walk, element);
  }
  return end;
}

function walkElement(walk: Walk, { tag, vr, start, length }: Element): number {
  const { bytes, hash } = walk;
  const isMeaningless = (tag & 0xffff) === 0 || tag === trailingPadding;
  if (!isMeaningless) hash.update(`${tag.toString(16)}${vr}:`);
  if (vr === 'SQ' || length === undefinedLength)
    return walkItems(walk, { tag, start, end: length === undefinedLength ? bytes.length : start + length });
  if (start + length > bytes.length) throw new RangeError('an element is longer than its file');
  const value = bytes.subarray(start, start + length);
  if (!isMeaningless) hash.update(tag === pixelData || binaryVrs.has(vr) ? value : trimmed(value));
  return start + length;
}

interface Items {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** The items of a sequence, or the fragments of pixel data. */
function walkItems(walk: Walk, { tag, start, end }: Items): number {
  const { bytes, hash } = walk;
  for (let at = start; at < end;) {
    const one = elementAt(walk, at);
    if (one.tag === endOfSequence) return one.start;
    if (one.tag !== item) throw new RangeError('a sequence holds what is no item');
    hash.update('[');
    const last = one.length === undefinedLength ? bytes.length : one.start + one.length;
    if (tag === pixelData) hash.update(bytes.subarray(one.start, last));
    at = tag === pixelData ? last : walkElements(walk, one.start, last);
    hash.update(']');
  }
  return end;
}

const [space, backslash] = [0x20, 0x5c];

/** Each value without padding, which has no meaning at its end; leading blanks have none in numbers. */
function trimmed(value: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let from = 0; from <= value.length;) {
    const found = value.indexOf(backslash, from);
    const to = found < 0 ? value.length : found;
    let [first, last] = [from, to];
    while (last > first && (value[last - 1] === space || value[last - 1] === 0)) last -= 1;
    while (first < last && value[first] === space) first += 1;
    parts.push(value.subarray(first, last), Buffer.from('\\'));
    from = to + 1;
  }
  return Buffer.concat(parts);
}
