import { tags } from './data-set.ts';
import type { DataSet, Element, FragmentsElement, SequenceElement, Tag } from './data-set.ts';
import { encodeBytesValue, encodeNumericValue, encodeTextValue, padToEven } from './encode-value.ts';
import { textEncoder } from './encode-text.ts';
import type { EncodeText } from './encode-text.ts';
import type { ByteLayout } from './transfer-syntaxes.ts';

const longForm = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const undefinedLength = 0xffffffff;
const itemTag = 0xfffee000;
const itemEndTag = 0xfffee00d;
const sequenceEndTag = 0xfffee0dd;

const numbersOf = (layout: ByteLayout, bytes: Buffer) => ({
  uint16: (value: number, at: number) =>
    layout.bigEndian ? bytes.writeUInt16BE(value, at) : bytes.writeUInt16LE(value, at),
  uint32: (value: number, at: number) =>
    layout.bigEndian ? bytes.writeUInt32BE(value, at) : bytes.writeUInt32LE(value, at),
});

const writeTag = (write: ReturnType<typeof numbersOf>, tag: Tag): void => {
  write.uint16(Math.floor(tag / 0x10000), 0);
  write.uint16(tag % 0x10000, 2);
};

const itemHeader = (layout: ByteLayout, tag: Tag, length: number): Buffer => {
  const header = Buffer.alloc(8);
  const write = numbersOf(layout, header);
  writeTag(write, tag);
  write.uint32(length, 4);
  return header;
};

/** Tag, VR and length, as the layout wants them. A short form that cannot hold the length is refused with a RangeError. */
export const elementHeader = (
  layout: ByteLayout,
  element: { tag: Tag; vr: string },
  length: number,
): Buffer => {
  if (!layout.explicitVr) return itemHeader(layout, element.tag, length);
  const isLong = longForm.has(element.vr);
  const header = Buffer.alloc(isLong ? 12 : 8);
  const write = numbersOf(layout, header);
  writeTag(write, element.tag);
  header.write(element.vr, 4, 'latin1');
  if (isLong) write.uint32(length, 8);
  else write.uint16(length, 6);
  return header;
};

interface Surroundings {
  readonly layout: ByteLayout;
  readonly encodeText: EncodeText;
  readonly terms: readonly string[];
}

const encodeItem = (dataSet: DataSet, isUndefined: boolean, around: Surroundings): Buffer[] => {
  const content = encodeDataSet(dataSet, around.layout, around.terms);
  const { layout } = around;
  if (!isUndefined) return [itemHeader(layout, itemTag, content.length), content];
  return [itemHeader(layout, itemTag, undefinedLength), content, itemHeader(layout, itemEndTag, 0)];
};

const encodeSequence = (element: SequenceElement, around: Surroundings): Buffer[] => {
  const isUndefined = element.undefinedLength === true;
  const content = Buffer.concat(element.items.flatMap((item) => encodeItem(item, isUndefined, around)));
  const header = elementHeader(around.layout, element, isUndefined ? undefinedLength : content.length);
  return isUndefined ? [header, content, itemHeader(around.layout, sequenceEndTag, 0)] : [header, content];
};

/** The value of encapsulated pixel data: an offset table, one fragment per frame, the delimiter. */
export const encapsulate = (frames: readonly Uint8Array[]): Buffer => {
  const little: ByteLayout = { explicitVr: true, bigEndian: false };
  const padded = frames.map((frame) => padToEven(Buffer.from(frame), 'OB'));
  const table = Buffer.alloc(frames.length * 4);
  let offset = 0;
  padded.forEach((frame, at) => {
    table.writeUInt32LE(offset, at * 4);
    offset += frame.length + 8;
  });
  const fragments = padded.flatMap((frame) => [itemHeader(little, itemTag, frame.length), frame]);
  const begin = itemHeader(little, itemTag, table.length);
  return Buffer.concat([begin, table, ...fragments, itemHeader(little, sequenceEndTag, 0)]);
};

const encodeFragments = (element: FragmentsElement, layout: ByteLayout): Buffer[] => [
  elementHeader(layout, element, undefinedLength),
  encapsulate(element.fragments),
];

const encodeElement = (element: Element, around: Surroundings): Buffer => {
  if ('items' in element) return Buffer.concat(encodeSequence(element, around));
  if ('fragments' in element) return Buffer.concat(encodeFragments(element, around.layout));
  const value = encodePlainValue(element, around);
  return Buffer.concat([elementHeader(around.layout, element, value.length), value]);
};

const encodePlainValue = (
  element: Exclude<Element, SequenceElement | FragmentsElement>,
  around: Surroundings,
): Buffer => {
  if ('text' in element) return encodeTextValue(element, around.encodeText);
  if ('numbers' in element) return encodeNumericValue(element, around.layout.bigEndian);
  return encodeBytesValue(element, around.layout.bigEndian);
};

const ownTerms = (dataSet: DataSet): readonly string[] | undefined => {
  const element = dataSet.find((candidate) => candidate.tag === tags.specificCharacterSet);
  return element !== undefined && 'text' in element ? element.text : undefined;
};

/** Each element as bytes, in order. Text is written in the data set's own Specific Character Set, else in the surrounding one. */
export const encodeElements = (
  dataSet: DataSet,
  layout: ByteLayout,
  surroundingTerms: readonly string[] = [],
): Buffer[] => {
  const terms = ownTerms(dataSet) ?? surroundingTerms;
  const around: Surroundings = { layout, terms, encodeText: textEncoder(terms) };
  return dataSet.map((element) => encodeElement(element, around));
};

export const encodeDataSet = (
  dataSet: DataSet,
  layout: ByteLayout,
  surroundingTerms: readonly string[] = [],
): Buffer => Buffer.concat(encodeElements(dataSet, layout, surroundingTerms));
