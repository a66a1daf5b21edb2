import { type Hash, createHash } from 'node:crypto';
import { constants, inflateRawSync } from 'node:zlib';
import { permanentFailure } from '@orthanc-tools/failures';
import dicomParser from 'dicom-parser';
import type { DataSet, Element } from 'dicom-parser';

/** VRs whose values are padded with spaces or a zero byte to an even length (DICOM PS3.5, 6.2). */
const padded: ReadonlySet<string> = new Set('AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT'.split(' '));

// dicom-parser reads what it is given from its beginning: the data set alone.
const inflate = (bytes: Uint8Array, position: number): Uint8Array =>
  inflateRawSync(bytes.subarray(position), { finishFlush: constants.Z_SYNC_FLUSH });

/**
 * A digest of what a DICOM file says, whatever way it is written: without the file meta information, the lengths of groups
 * and sequences, the VRs and the padding of texts, all of which toolkits write anew when an image travels by C-STORE. Pixel
 * data count as they are written: those of another compression are other ones. Little endian only, deflated or not.
 * @throws permanent `DICOM_UNREADABLE`
 */
export function contentDigest(file: Uint8Array): string {
  const hash = createHash('sha256');
  try {
    addDataSet(dicomParser.parseDicom(file, { inflater: inflate }), hash);
  } catch {
    // dicom-parser throws strings and objects with a partial data set, which must not reach a log.
    throw permanentFailure('DICOM_UNREADABLE', 'The DICOM file cannot be read.');
  }
  return hash.digest('hex');
}

function addDataSet({ elements, byteArray }: DataSet, hash: Hash): void {
  for (const tag of Object.keys(elements).toSorted()) {
    const element = elements[tag];
    // Tags are written as `xggggeeee`.
    if (element === undefined || tag.startsWith('x0002') || tag.startsWith('xfffe') || tag.endsWith('0000'))
      continue;
    hash.update(tag);
    addElement(element, byteArray, hash);
  }
}

function addElement(element: Element, bytes: Uint8Array, hash: Hash): void {
  if (element.items !== undefined) {
    for (const item of element.items) {
      hash.update('(');
      if (item.dataSet !== undefined) addDataSet(item.dataSet, hash);
      hash.update(')');
    }
  } else if (element.fragments !== undefined)
    for (const { position, length } of element.fragments)
      addValue(bytes.subarray(position, position + length), hash);
  else {
    const value = bytes.subarray(element.dataOffset, element.dataOffset + element.length);
    addValue(isPadded(element, value) ? unpadded(value) : value, hash);
  }
}

/** With its length, so that no two sequences of values are written alike. */
function addValue(value: Uint8Array, hash: Hash): void {
  hash.update(`=${String(value.length)}:`);
  hash.update(value);
}

const longestText = 1024;

/** Where the VR is not written, what reads as a text is one. */
function isPadded({ vr }: Element, value: Uint8Array): boolean {
  if (vr !== undefined) return padded.has(vr);
  return value.length <= longestText && value.every((byte, at) => byte >= 0x20 || at === value.length - 1);
}

function unpadded(value: Uint8Array): Uint8Array {
  let end = value.length;
  while (end > 0 && (value[end - 1] === 0x20 || value[end - 1] === 0)) end -= 1;
  return value.subarray(0, end);
}
