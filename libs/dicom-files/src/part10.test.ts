import { inflateRawSync } from 'node:zlib';
import dcmjs from 'dcmjs';
import dicomParser from 'dicom-parser';
import { describe, expect, it } from '@jest/globals';
import { loadDictionary } from './dictionary.ts';
import { encapsulate } from './encode-data-set.ts';
import { encodePart10, encodeWorklistFile } from './part10.ts';
import { toDataSet } from './to-data-set.ts';
import { transferSyntaxes } from './transfer-syntaxes.ts';
import { uidFromHash } from './uids.ts';

interface ReadElement {
  readonly vr: string;
  readonly Value: readonly unknown[];
}
interface ReadFile {
  readonly meta: Readonly<Record<string, ReadElement>>;
  readonly dict: Readonly<Record<string, ReadElement>>;
}
const dictionary = await loadDictionary();

/** dcmjs as the second opinion. */
const readBack = (bytes: Buffer): ReadFile =>
  (dcmjs.data.DicomMessage as { readFile(bytes: ArrayBuffer): ReadFile }).readFile(
    Uint8Array.from(bytes).buffer,
  );

const dataSet = toDataSet(
  {
    SpecificCharacterSet: 'ISO_IR 192',
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
    SOPInstanceUID: '1.2.3.4.5',
    PatientName: 'Ζήτα^Ω',
    PatientID: 'odd',
    StudyInstanceUID: '1.2.3',
    SeriesInstanceUID: '1.2.3.4',
    Rows: 258,
    PixelAspectRatio: [1, 2],
    RequestedProcedureCodeSequence: [
      {
        CodeValue: 'A1',
        CodeMeaning: 'Één',
        ConceptNameCodeSequence: { vr: 'SQ', value: [{ CodeValue: 'B2' }], undefinedLength: true },
      },
      {},
    ],
    '00090010': { vr: 'LO', value: 'TESTS' },
    '00091001': { vr: 'FD', value: 0.1 },
    '00091002': { vr: 'UL', value: [1, 4294967295] },
    '00091003': { vr: 'AT', value: 0x00100020 },
  },
  dictionary,
);
const inflater = (bytes: Uint8Array, position: number): Uint8Array =>
  Buffer.concat([bytes.subarray(0, position), inflateRawSync(bytes.subarray(position))]);

const valueOf = (file: ReadFile, tag: string): unknown => file.dict[tag]?.Value;

describe.each([
  'explicitLittleEndian',
  'implicitLittleEndian',
  'explicitBigEndian',
  'deflatedExplicitLittleEndian',
] as const)('a file in %s', (name) => {
  const file = readBack(encodePart10(dataSet, transferSyntaxes[name]));

  it('is read by dcmjs as it was meant', () => {
    expect(file.meta['00020010']?.Value).toEqual([transferSyntaxes[name]]);
    expect(file.meta['00020003']?.Value).toEqual(['1.2.3.4.5']);
    expect(valueOf(file, '00100010')).toEqual([{ Alphabetic: 'Ζήτα^Ω' }]);
    expect(valueOf(file, '00100020')).toEqual(['odd']);
    expect(valueOf(file, '00280010')).toEqual([258]);
    expect(valueOf(file, '00280034')).toEqual([1, 2]);
  });

  it('keeps nested sequences and empty items', () => {
    const parsed = dicomParser.parseDicom(encodePart10(dataSet, transferSyntaxes[name]), { inflater });
    const items = parsed.elements['x00321064']?.items ?? [];
    expect(items).toHaveLength(2);
    expect(items[0]?.dataSet?.string('x00080100')).toBe('A1');
    expect(items[0]?.dataSet?.elements['x0040a043']?.items?.[0]?.dataSet?.string('x00080100')).toBe('B2');
    expect(items[1]?.dataSet?.elements).toEqual({});
  });
});

it('writes the text of items in the character set of the file', () => {
  expect(encodePart10(dataSet).includes('Één')).toBe(true);
});

it.each(['explicitLittleEndian', 'explicitBigEndian'] as const)(
  'keeps private binary values in %s',
  (name) => {
    const file = readBack(encodePart10(dataSet, transferSyntaxes[name]));
    expect(valueOf(file, '00091001')).toEqual([0.1]);
    expect(valueOf(file, '00091002')).toEqual([1, 4294967295]);
  },
);

it('swaps the words of pixel data for big endian', () => {
  const pixels = toDataSet({ PixelData: Uint8Array.of(1, 2, 3, 4) }, dictionary);
  const file = encodePart10([...dataSet, ...pixels], transferSyntaxes.explicitBigEndian);
  expect(file.subarray(-4)).toEqual(Buffer.of(2, 1, 4, 3));
});

it('gives each worklist its own UID, and the rest of the header alike', () => {
  const uids = ['one', 'other'].map((name) => uidFromHash(name));
  const files = uids.map((uid) => readBack(encodeWorklistFile(dataSet, uid)));
  expect(files.map(({ meta }) => meta['00020003']?.Value)).toEqual(uids.map((uid) => [uid]));
  for (const file of files) {
    expect(file.meta['00020002']?.Value).toEqual(['1.2.276.0.7230010.3.1.0.1']);
    expect(file.meta['00020010']?.Value).toEqual([transferSyntaxes.explicitLittleEndian]);
    expect(valueOf(file, '00100010')).toEqual([{ Alphabetic: 'Ζήτα^Ω' }]);
  }
  expect(() => encodeWorklistFile(dataSet, '1.2.3')).toThrow('UID');
});

it('leaves a file as it is while the next ones are made', () => {
  const first = encodePart10(dataSet);
  const copy = Buffer.from(first);
  for (const id of ['x', 'y', 'z'].map((letter) => letter.repeat(500)))
    encodePart10(toDataSet({ PatientID: id, SOPInstanceUID: '9.8.7' }, dictionary));
  expect(first.equals(copy)).toBe(true);
  expect(encodePart10(dataSet).equals(first)).toBe(true);
});

it('pads every value to an even length', () => {
  const odd = toDataSet(
    { PatientID: 'abc', SOPInstanceUID: '1.2.3', '00091010': { vr: 'OB', value: Uint8Array.of(7) } },
    dictionary,
  );
  const text = encodePart10(odd).toString('latin1');
  expect(text).toContain('UI\x06\x001.2.3\0');
  expect(text).toContain('LO\x04\x00abc ');
  expect(text).toContain('OB\0\0\x02\0\0\0\x07\0');
});

it('refuses a value that the VR cannot hold', () => {
  expect(() => encodePart10(toDataSet({ PatientID: 'x'.repeat(70_000) }, dictionary))).toThrow(
    'out of range',
  );
});

it('encapsulates frames with an offset table', () => {
  expect(encapsulate([Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5)]).toString('hex')).toBe(
    'feff00e008000000000000000c000000' +
      'feff00e00400000001020300' +
      'feff00e0020000000405' +
      'feffdde000000000',
  );
});
