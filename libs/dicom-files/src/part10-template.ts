import { tags } from './data-set.ts';
import type { DataSet, Element, Tag } from './data-set.ts';
import { elementHeader, encodeElements } from './encode-data-set.ts';
import { encodeFileMeta, sealFile } from './part10.ts';
import { isEncapsulated, layoutOf, transferSyntaxes } from './transfer-syntaxes.ts';

/** A text value (ASCII) that differs from file to file, in a field of fixed width. */
export interface TemplateSlot {
  readonly tag: Tag;
  readonly vr: string;
  /** In bytes; shorter values are padded, longer ones are a RangeError. */
  readonly width: number;
}

export interface TemplatePixelData {
  readonly vr: 'OB' | 'OW';
  /** In bytes, even. */
  readonly length: number;
  /** Writes the value: native pixels in the byte order of the transfer syntax, or what `encapsulate` made. */
  fill(target: Buffer): void;
}

/** Memory of exactly so many bytes, whatever stands in it. */
export type Allocate = (bytes: number) => Buffer;

/**
 * A file of which only some values change: everything else is encoded once, then copied.
 * `stamp` gives the slots' values in the order in which the slots were declared, and may bring memory for the file.
 */
export interface Part10Template {
  stamp(values: readonly string[], pixelData?: TemplatePixelData, allocate?: Allocate): Buffer;
}

export interface TemplateSource {
  /** Without pixel data and without the slots' attributes. */
  readonly dataSet: DataSet;
  readonly transferSyntaxUid: string;
  readonly slots: readonly TemplateSlot[];
}

interface Placed {
  readonly slot: number;
  readonly offset: number;
  readonly width: number;
  readonly fill: number;
}

const fillOf = (vr: string): number => (vr === 'UI' ? 0 : 0x20);

const placeholder = (slot: TemplateSlot): Element => ({
  tag: slot.tag,
  vr: slot.vr,
  text: [String.fromCharCode(fillOf(slot.vr)).repeat(slot.width)],
});

const place = (
  elements: readonly Element[],
  ends: readonly number[],
  slots: readonly TemplateSlot[],
): Placed[] => {
  const position = new Map(elements.map(({ tag }, at) => [tag, at]));
  return slots.map(({ tag, vr, width }, slot) => {
    const end = ends[position.get(tag) ?? -1] ?? 0;
    return { slot, offset: end - (width + (width % 2)), width, fill: fillOf(vr) };
  });
};

const writeSlots = (target: Buffer, placed: readonly Placed[], values: readonly string[]): void => {
  for (const { slot, offset, width, fill } of placed) {
    const value = values[slot] ?? '';
    if (value.length > width)
      throw new RangeError(`a value of ${value.length} characters does not fit a slot of ${width}`);
    target.write(value, offset, width, 'latin1');
    if (value.length < width) target.fill(fill, offset + value.length, offset + width);
  }
};

/** Meta group with the slot for the instance's UID, when it is one. */
const metaTemplate = (source: TemplateSource, dataSet: DataSet): { bytes: Buffer; placed: Placed[] } => {
  const bytes = encodeFileMeta(dataSet, source.transferSyntaxUid);
  const slot = source.slots.findIndex((candidate) => candidate.tag === tags.sopInstanceUid);
  const width = source.slots[slot]?.width;
  if (width === undefined) return { bytes, placed: [] };
  const header = elementHeader(
    layoutOf(transferSyntaxes.explicitLittleEndian),
    { tag: tags.mediaStorageSopInstanceUid, vr: 'UI' },
    width + (width % 2),
  );
  return { bytes, placed: [{ slot, offset: bytes.indexOf(header) + header.length, width, fill: 0 }] };
};

/** The header of pixel data, encoded anew only where the one before was another. */
const pixelHeaders = (transferSyntaxUid: string): ((pixelData: TemplatePixelData) => Buffer) => {
  const layout = layoutOf(transferSyntaxUid);
  const hasLength = !isEncapsulated(transferSyntaxUid);
  let last: { readonly vr: string; readonly length: number; readonly header: Buffer } | undefined;
  return ({ vr, length: bytes }) => {
    const length = hasLength ? bytes : 0xffffffff;
    if (last?.vr !== vr || last.length !== length)
      last = { vr, length, header: elementHeader(layout, { tag: tags.pixelData, vr }, length) };
    return last.header;
  };
};

export const part10Template = (source: TemplateSource): Part10Template => {
  const { transferSyntaxUid, slots } = source;
  const layout = layoutOf(transferSyntaxUid);
  const dataSet = [...source.dataSet, ...slots.map(placeholder)].sort((a, b) => a.tag - b.tag);
  const meta = metaTemplate(source, dataSet);
  const body = encodeElements(dataSet, layout);
  const isDeflated = transferSyntaxUid === transferSyntaxes.deflatedExplicitLittleEndian;
  const head = Buffer.concat([meta.bytes, body.bytes]);
  const placed = [
    ...meta.placed,
    ...place(dataSet, body.ends, slots).map((one) => ({ ...one, offset: one.offset + meta.bytes.length })),
  ];
  const pixelHeaderOf = pixelHeaders(transferSyntaxUid);
  const stamp: Part10Template['stamp'] = (values, pixelData, allocate = Buffer.allocUnsafe) => {
    const pixelHeader = pixelData === undefined ? undefined : pixelHeaderOf(pixelData);
    const file = allocate(head.length + (pixelHeader?.length ?? 0) + (pixelData?.length ?? 0));
    head.copy(file);
    writeSlots(file, placed, values);
    if (pixelHeader !== undefined) pixelHeader.copy(file, head.length);
    pixelData?.fill(file.subarray(head.length + (pixelHeader?.length ?? 0)));
    return isDeflated
      ? sealFile(file.subarray(0, meta.bytes.length), file.subarray(meta.bytes.length), transferSyntaxUid)
      : file;
  };
  return { stamp };
};
