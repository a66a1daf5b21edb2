import { type Hash, createHash } from 'node:crypto';
import { constants, inflateRawSync } from 'node:zlib';
import { permanentFailure } from '@orthanc-tools/failures';
import dicomParser from 'dicom-parser';
import type { DataSet, Element } from 'dicom-parser';

/** VRs whose values are padded with spaces or a zero byte to an even length (DICOM PS3.5, 6.2). */
const padded: ReadonlySet<string> = new Set('AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT'.split(' '));

interface Inflating {
  readonly largest: number | undefined;
  isTooLarge: boolean;
}

// dicom-parser reads what it is given from its beginning: the data set alone.
function inflate(bytes: Uint8Array, position: number, inflating: Inflating): Uint8Array {
  try {
    return inflateRawSync(bytes.subarray(position), {
      finishFlush: constants.Z_SYNC_FLUSH,
      ...(inflating.largest !== undefined && { maxOutputLength: inflating.largest }),
    });
  } catch (error) {
    inflating.isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw error;
  }
}

/** What a file says, to be compared with what another says. Each digest is worked out when it is asked for. */
export interface FileContent {
  /** Transfer Syntax UID (0002,0010); undefined where it is missing. */
  readonly transferSyntax: string | undefined;
  /**
   * Whatever way it is written: without the file meta information, the lengths of groups and sequences, the VRs and the
   * padding of texts, all of which toolkits write anew when an image travels by C-STORE. Pixel data count as they are
   * written: those of another compression are other ones. Little endian only, deflated or not.
   * @throws permanent `DICOM_UNREADABLE`
   */
  whole(): string;
  /**
   * Without the image and how it is written (groups 0028 and 7FE0): the same when only the compression is another.
   * @throws permanent `DICOM_UNREADABLE`
   */
  besidesImage(): string;
}

/**
 * @param largest what a deflated file may be inflated to (bytes); a small one may hold gigabytes
 * @throws permanent `DICOM_UNREADABLE`, or `DICOM_TOO_LARGE`
 */
export function contentOf(file: Uint8Array, largest?: number): FileContent {
  const inflating: Inflating = { largest, isTooLarge: false };
  const inflater = (bytes: Uint8Array, position: number) => inflate(bytes, position, inflating);
  const { transferSyntax, dataSet } = orUnreadable(
    () => ({
      // Of a deflated file, the parsed data set no longer holds the bytes of its meta information.
      transferSyntax: dicomParser.readPart10Header(file).string('x00020010'),
      dataSet: dicomParser.parseDicom(file, { inflater }),
    }),
    inflating,
  );
  const digest = (isWanted: (tag: string) => boolean) => {
    const hash = createHash('sha256');
    orUnreadable(() => {
      addDataSet(dataSet, hash, isWanted);
    });
    return hash.digest('hex');
  };
  return {
    transferSyntax,
    whole: () => digest(isAnything),
    besidesImage: () => digest((tag) => !ofImage.test(tag)),
  };
}

const ofImage = /^x(0028|7fe0)/;

/** dicom-parser throws strings and objects with a partial data set, which must not reach a log. */
function orUnreadable<Value>(read: () => Value, inflating?: Inflating): Value {
  try {
    return read();
  } catch {
    if (inflating?.isTooLarge)
      throw permanentFailure('DICOM_TOO_LARGE', 'The DICOM file is too large once it is inflated.');
    throw permanentFailure('DICOM_UNREADABLE', 'The DICOM file cannot be read.');
  }
}

const isAnything: (tag: string) => boolean = () => true;

function addDataSet({ elements, byteArray }: DataSet, hash: Hash, isWanted = isAnything): void {
  for (const tag of Object.keys(elements).filter(isWanted).toSorted()) {
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
