import { permanentFailure } from '@orthanc-tools/failures';
import dicomParser from 'dicom-parser';
import type { DataSet, Element } from 'dicom-parser';
import { asOrthancReads } from './as-orthanc-reads.ts';
import type { KeywordOf } from './dictionary.ts';
import type { AttributeValue, Attributes } from './to-data-set.ts';

interface Surroundings {
  readonly terms: readonly string[];
  readonly keywordOf: KeywordOf;
}

/** Text of one value, in which a backslash separates nothing. */
const oneText = new Set(['LT', 'ST', 'UR', 'UT']);

function textIn(bytes: Uint8Array, vr: string, terms: readonly string[]): AttributeValue {
  const text = asOrthancReads(bytes, terms).replace(/[ \0]+$/, '');
  if (text === '') return [];
  const values = oneText.has(vr) ? [text] : text.split('\\');
  return values.length === 1 ? text : values;
}

function valueOf(dataSet: DataSet, element: Element, around: Surroundings): AttributeValue {
  const { vr = '', dataOffset, length } = element;
  if (vr === 'SQ')
    return (element.items ?? []).map((item) =>
      item.dataSet === undefined ? {} : attributesIn(item.dataSet, around),
    );
  const bytes = dataSet.byteArray.subarray(dataOffset, dataOffset + length);
  if (vr === 'US') {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return Array.from({ length: Math.floor(length / 2) }, (_, at) => view.getUint16(at * 2, true));
  }
  return textIn(bytes, vr, around.terms);
}

function attributesIn(dataSet: DataSet, around: Surroundings): Attributes {
  const found = Object.values(dataSet.elements).flatMap((element) => {
    const tag = Number.parseInt(element.tag.slice(1), 16);
    const keyword = tag < 0x00030000 ? undefined : around.keywordOf(tag);
    return keyword === undefined ? [] : [[keyword, valueOf(dataSet, element, around)] as const];
  });
  return Object.fromEntries(found);
}

/**
 * The data set of a small file in Explicit VR Little Endian, by keyword: what `toDataSet` takes. Values of text, sequences and US only; whoever
 * needs every value has to write it anew and compare.
 * @throws permanent `DICOM_UNREADABLE`
 */
export function readAttributes(file: Uint8Array, keywordOf: KeywordOf): Attributes {
  try {
    const dataSet = dicomParser.parseDicom(file);
    const terms = (dataSet.string('x00080005') ?? '').split('\\').map((term) => term.trim());
    return attributesIn(dataSet, { terms, keywordOf });
  } catch (cause) {
    // dicom-parser throws strings and objects with a partial data set, which must not reach a log.
    const reason = typeof cause === 'string' ? cause : 'unreadable';
    throw permanentFailure('DICOM_UNREADABLE', 'The DICOM file cannot be read.', { facts: { reason } });
  }
}
