import type { DataSet, Element, Tag } from './data-set.ts';
import type { DicomDictionary } from './dictionary.ts';
import { isBinaryNumber } from './encode-value.ts';
import { formatDecimal } from './format-decimal.ts';

type Scalar = string | number | bigint;

/**
 * The value of an attribute: one or several texts or numbers, bytes, or the items of a sequence.
 * An empty list is an empty value (type 2); `undefined` leaves the attribute out.
 */
export type AttributeValue =
  Scalar | readonly Scalar[] | Uint8Array | readonly Attributes[] | TypedValue | undefined;

/** Needed for private attributes, for tags instead of keywords, and to overrule the dictionary. */
export interface TypedValue {
  readonly vr: string;
  readonly value: Scalar | readonly Scalar[] | Uint8Array | readonly Attributes[];
  readonly undefinedLength?: boolean;
}

/** By keyword (`PatientID`), or by tag (`00091001`) with a `TypedValue`. */
export interface Attributes {
  readonly [keywordOrTag: string]: AttributeValue;
}

const isTyped = (value: AttributeValue): value is TypedValue =>
  typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array) && 'vr' in value;

const settleVr = (vr: string, attributes: Attributes): string => {
  if (vr === 'US or SS') return attributes['PixelRepresentation'] === 1 ? 'SS' : 'US';
  return vr.endsWith('OW') ? 'OW' : vr;
};

interface Definition {
  readonly tag: Tag;
  readonly vr: string;
}

const isList = (value: TypedValue['value']): value is readonly Scalar[] | readonly Attributes[] =>
  Array.isArray(value);

const toText = (value: Scalar, vr: string): string =>
  vr === 'DS' && typeof value === 'number' ? formatDecimal(value) : String(value);

const toElement = ({ tag, vr }: Definition, typed: TypedValue, dictionary: DicomDictionary): Element => {
  const { value } = typed;
  // Most values are one text.
  if (typeof value === 'string' && vr !== 'SQ' && !isBinaryNumber(vr)) return { tag, vr, text: [value] };
  if (value instanceof Uint8Array) return { tag, vr, bytes: value };
  const values: readonly (Scalar | Attributes)[] = isList(value) ? value : [value];
  if (vr === 'SQ') {
    const items = values
      .filter((item) => typeof item === 'object')
      .map((item) => toDataSet(item, dictionary));
    return { tag, vr, items, ...(typed.undefinedLength === true && { undefinedLength: true }) };
  }
  const scalars = values.filter((item) => typeof item !== 'object');
  if (isBinaryNumber(vr))
    return { tag, vr, numbers: scalars.map((item) => (typeof item === 'string' ? Number(item) : item)) };
  return { tag, vr, text: scalars.map((item) => toText(item, vr)) };
};

const definitionOf = (
  key: string,
  value: TypedValue | undefined,
  dictionary: DicomDictionary,
): Definition => {
  const known = dictionary(key);
  if (known !== undefined) return { tag: known.tag, vr: value?.vr ?? known.vr };
  if (value === undefined || !/^[0-9a-f]{8}$/i.test(key))
    throw new TypeError(`${key} is not a keyword of the DICOM dictionary`);
  return { tag: Number.parseInt(key, 16), vr: value.vr };
};

/** Attributes by keyword to elements in order of their tags. A keyword unknown to the dictionary is a TypeError. */
export const toDataSet = (attributes: Attributes, dictionary: DicomDictionary): DataSet => {
  const elements: Element[] = [];
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    const typed = isTyped(value) ? value : undefined;
    const definition = definitionOf(key, typed, dictionary);
    const vr = settleVr(definition.vr, attributes);
    const { tag } = definition;
    elements.push(toElement({ tag, vr }, typed ?? { vr, value: value as TypedValue['value'] }, dictionary));
  }
  return elements.sort((a, b) => a.tag - b.tag);
};
