import { type ByteSink, byteSink } from './byte-sink.ts';
import { tags } from './data-set.ts';
import type { DataSet, Element, FragmentsElement, SequenceElement, Tag } from './data-set.ts';
import { encodeBytesValue, encodeNumericValue, padToEven, writeTextValue } from './encode-value.ts';
import { textEncoder } from './encode-text.ts';
import type { EncodeText } from './encode-text.ts';
import type { ByteLayout } from './transfer-syntaxes.ts';

const longForm = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const undefinedLength = 0xffffffff;
const itemTag = 0xfffee000;
const itemEndTag = 0xfffee00d;
const sequenceEndTag = 0xfffee0dd;

interface Surroundings {
  readonly layout: ByteLayout;
  readonly encodeText: EncodeText;
  readonly terms: readonly string[];
  readonly sink: ByteSink;
}

const writeTag = (sink: ByteSink, tag: Tag): void => {
  sink.uint16(Math.floor(tag / 0x10000));
  sink.uint16(tag % 0x10000);
};

const writeItemHeader = (sink: ByteSink, tag: Tag, length: number): void => {
  writeTag(sink, tag);
  sink.uint32(length);
};

/** Tag, VR and length, as the layout wants them. A short form that cannot hold the length is refused with a RangeError. */
const writeHeader = (
  sink: ByteSink,
  { explicitVr }: ByteLayout,
  { tag, vr, length }: { readonly tag: Tag; readonly vr: string; readonly length: number },
): void => {
  writeTag(sink, tag);
  if (explicitVr) sink.latin1(vr);
  if (explicitVr && !longForm.has(vr)) return sink.uint16(length);
  if (explicitVr) sink.uint16(0);
  sink.uint32(length);
};

/** A header by itself, for what is written behind it later. */
export const elementHeader = (
  layout: ByteLayout,
  element: { readonly tag: Tag; readonly vr: string },
  length: number,
): Buffer => {
  const sink = byteSink(layout.bigEndian);
  writeHeader(sink, layout, { ...element, length });
  return sink.taken();
};

/** Writes something of which the length is known only afterwards, behind a field of four bytes that will tell it. */
const writeMeasured = (sink: ByteSink, write: () => void): void => {
  const begin = sink.length();
  write();
  sink.setUint32(sink.length() - begin, begin - 4);
};

const writeItem = (dataSet: DataSet, isUndefined: boolean, around: Surroundings): void => {
  const { sink } = around;
  writeItemHeader(sink, itemTag, isUndefined ? undefinedLength : 0);
  if (!isUndefined) return writeMeasured(sink, () => writeElements(dataSet, around));
  writeElements(dataSet, around);
  writeItemHeader(sink, itemEndTag, 0);
};

const writeSequence = (element: SequenceElement, around: Surroundings): void => {
  const { sink, layout } = around;
  const isUndefined = element.undefinedLength === true;
  const writeItems = () => {
    for (const item of element.items) writeItem(item, isUndefined, around);
  };
  writeHeader(sink, layout, { ...element, length: isUndefined ? undefinedLength : 0 });
  if (!isUndefined) return writeMeasured(sink, writeItems);
  writeItems();
  writeItemHeader(sink, sequenceEndTag, 0);
};

/** The value of encapsulated pixel data: an offset table, one fragment per frame, the delimiter. */
export const encapsulate = (frames: readonly Uint8Array[]): Buffer => {
  const sink = byteSink(false);
  const padded = frames.map((frame) => padToEven(Buffer.from(frame), 'OB'));
  writeItemHeader(sink, itemTag, frames.length * 4);
  let offset = 0;
  for (const { length } of padded) {
    sink.uint32(offset);
    offset += length + 8;
  }
  for (const frame of padded) {
    writeItemHeader(sink, itemTag, frame.length);
    sink.bytes(frame);
  }
  writeItemHeader(sink, sequenceEndTag, 0);
  return sink.taken();
};

const writeFragments = ({ tag, vr, fragments }: FragmentsElement, { sink, layout }: Surroundings): void => {
  writeHeader(sink, layout, { tag, vr, length: undefinedLength });
  sink.bytes(encapsulate(fragments));
};

const writeText = (element: Extract<Element, { text: unknown }>, around: Surroundings): void => {
  const { sink, layout, encodeText } = around;
  const isShort = layout.explicitVr && !longForm.has(element.vr);
  writeHeader(sink, layout, { ...element, length: 0 });
  const begin = sink.length();
  writeTextValue(element, encodeText, sink);
  const length = sink.length() - begin;
  if (isShort) sink.setUint16(length, begin - 2);
  else sink.setUint32(length, begin - 4);
};

const writeElement = (element: Element, around: Surroundings): void => {
  if ('text' in element) return writeText(element, around);
  if ('items' in element) return writeSequence(element, around);
  if ('fragments' in element) return writeFragments(element, around);
  const { sink, layout } = around;
  const encode = 'numbers' in element ? encodeNumericValue : encodeBytesValue;
  const value = encode(element as never, layout.bigEndian);
  writeHeader(sink, layout, { ...element, length: value.length });
  sink.bytes(value);
};

const ownTerms = (dataSet: DataSet): readonly string[] | undefined => {
  const element = dataSet.find((candidate) => candidate.tag === tags.specificCharacterSet);
  return element !== undefined && 'text' in element ? element.text : undefined;
};

/** Text is written in the data set's own Specific Character Set, else in the surrounding one. */
const within = (dataSet: DataSet, around: Surroundings): Surroundings => {
  const terms = ownTerms(dataSet);
  return terms === undefined ? around : { ...around, terms, encodeText: textEncoder(terms) };
};

const writeElements = (dataSet: DataSet, around: Surroundings): void => {
  const own = within(dataSet, around);
  for (const element of dataSet) writeElement(element, own);
};

const surroundings = (layout: ByteLayout): Surroundings => ({
  layout,
  terms: [],
  encodeText: textEncoder([]),
  sink: byteSink(layout.bigEndian),
});

/** The whole data set, and where each element ends in it. */
export const encodeElements = (
  dataSet: DataSet,
  layout: ByteLayout,
): { readonly bytes: Buffer; readonly ends: readonly number[] } => {
  const around = surroundings(layout);
  const own = within(dataSet, around);
  const ends = dataSet.map((element) => {
    writeElement(element, own);
    return around.sink.length();
  });
  return { bytes: around.sink.taken(), ends };
};

export const encodeDataSet = (dataSet: DataSet, layout: ByteLayout): Buffer =>
  encodeElements(dataSet, layout).bytes;
