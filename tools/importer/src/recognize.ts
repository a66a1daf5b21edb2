import { hasPart10Prefix } from '@orthanc-tools/dicom-files';

/** What a file is, by its content alone: names lie. */
export type ContentKind = 'dicom' | 'dicomdir' | 'zip' | 'gzip' | 'pdf' | 'other';

const startsWith = (head: Buffer, ...bytes: readonly number[]): boolean =>
  bytes.every((byte, at) => head[at] === byte);

const valueRepresentations = new Set(
  'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(
    ' ',
  ),
);

/** Written into the meta group of a DICOMDIR (Media Storage Directory Storage). */
const mediaDirectory = Buffer.from('1.2.840.10008.1.3.10');
const metaGroupEndsBefore = 1024;

export function recognize(head: Buffer): ContentKind {
  if (hasPart10Prefix(head)) return isDirectory(head) ? 'dicomdir' : 'dicom';
  if (startsWith(head, 0x50, 0x4b, 3, 4) || startsWith(head, 0x50, 0x4b, 5, 6)) return 'zip';
  if (startsWith(head, 0x1f, 0x8b)) return 'gzip';
  if (head.subarray(0, 5).toString('latin1') === '%PDF-') return 'pdf';
  return beginsWithElements(head) ? 'dicom' : 'other';
}

function isDirectory(head: Buffer): boolean {
  const meta = head.subarray(0, metaGroupEndsBefore);
  const at = meta.indexOf(mediaDirectory);
  // A longer UID may begin in the same way.
  return at >= 0 && ![...'.0123456789'].includes(String.fromCharCode(meta[at + mediaDirectory.length] ?? 0));
}

/**
 * Without a preamble a data set begins with an element of group 0002 or 0008. Two elements in a row must make sense: a
 * file of a camera or a spreadsheet may well begin with the one.
 */
function beginsWithElements(head: Buffer): boolean {
  const first = elementAt(head, 0);
  if (first === undefined || (first.group !== 2 && first.group !== 8)) return false;
  const second = elementAt(head, first.end);
  return second !== undefined && second.tag > first.tag && second.group <= 0x20;
}

interface ElementHead {
  readonly group: number;
  readonly tag: number;
  readonly end: number;
}

const longestValue = 1024;

/** Whether the element there tells its value representation. */
export const isExplicitAt = (head: Buffer, at: number): boolean =>
  valueRepresentations.has(head.toString('latin1', at + 4, at + 6));

function elementAt(head: Buffer, at: number): ElementHead | undefined {
  if (at + 12 > head.length) return undefined;
  const group = head.readUInt16LE(at);
  const tag = group * 0x10000 + head.readUInt16LE(at + 2);
  const vr = head.toString('latin1', at + 4, at + 6);
  const isExplicit = isExplicitAt(head, at);
  const isLong = isExplicit && /^(?:O.|S[QV]|U[CNRTV])$/.test(vr);
  const length = isLong
    ? head.readUInt32LE(at + 8)
    : isExplicit
      ? head.readUInt16LE(at + 6)
      : head.readUInt32LE(at + 4);
  if (length > longestValue || (group !== 2 && group % 2 === 1)) return undefined;
  return { group, tag, end: at + (isLong ? 12 : 8) + length };
}
