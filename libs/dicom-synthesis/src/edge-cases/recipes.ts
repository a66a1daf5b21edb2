import { transferSyntaxes, uidFromHash } from '@orthanc-tools/dicom-files';
import type { Attributes } from '@orthanc-tools/dicom-files';
import type { EdgeCaseName } from './catalogue.ts';
import { pixelDataLength } from './edge-file.ts';
import type { EdgeFile } from './edge-file.ts';

/** The files of each study of a case; each study has one series. */
export type Recipe = (seed: string | number) => readonly (readonly EdgeFile[])[];

const oneFile =
  (file: EdgeFile): Recipe =>
  () => [[file]];
const oneImage = (attributes: Attributes): Recipe => oneFile({ attributes });
const twoImages = (attributes: Attributes): Recipe => {
  const file = { attributes };
  return () => [[file, file]];
};

const levels = ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID'] as const;
const withUids =
  (shape: (digits: string) => string): Recipe =>
  (seed) => {
    const uidOf = (level: string): string => shape(digitsOf(seed, 'uid', level));
    return [[{ attributes: Object.fromEntries(levels.map((level) => [level, uidOf(level)])) }]];
  };

/** 39 of them, the first of which is not 0. */
const digitsOf = (seed: string | number, ...of: string[]): string =>
  uidFromHash(seed, 'edge case', ...of).slice('2.25.'.length);
const ones = (length: number): string => '1'.repeat(length);

const ofPatient =
  (shape: (digits: string) => string): Recipe =>
  (seed) => [[{ attributes: { PatientID: shape(digitsOf(seed, 'patient')) } }]];

const inTwoStudies =
  (keyword: string, value: (seed: string | number) => string): Recipe =>
  (seed) => {
    const file = { attributes: { [keyword]: value(seed) } };
    return [[file], [file]];
  };

const privateTags: Attributes = {
  '00090010': { vr: 'LO', value: 'EDGE CASES' },
  '00091001': { vr: 'LO', value: 'private text' },
  '00091002': { vr: 'UN', value: Uint8Array.of(1, 2, 3, 4) },
  '00111003': { vr: 'LO', value: 'of no creator' },
};

// Orthanc 1.12 ends without a word when it is given 50 levels; 40 are stored.
const nested = (depth: number, undefinedLength: boolean): Attributes => ({
  ContentSequence: {
    vr: 'SQ',
    undefinedLength,
    value: [{ ...(depth > 1 ? nested(depth - 1, undefinedLength) : {}), TextValue: `depth ${depth}` }],
  },
});

const latin1 = (text: string) => ({ vr: 'PN', value: Buffer.from(text, 'latin1') });

/** (0040,0254), which belongs right before the pixels. */
const oddElement = Buffer.concat([
  Buffer.from([0x40, 0, 0x54, 0x02]),
  Buffer.from('LO'),
  Buffer.from([3, 0]),
  Buffer.from('odd'),
]);
const beforePixels = (file: Buffer): Buffer =>
  Buffer.concat([file.subarray(0, -pixelDataLength), oddElement, file.subarray(-pixelDataLength)]);

/** Preamble, prefix and meta group; the length of the latter stands in its first element. */
const withoutMeta = (file: Buffer): Buffer => file.subarray(144 + file.readUInt32LE(140));

export const recipes: Readonly<Record<EdgeCaseName, Recipe>> = {
  'no-study-date': oneImage({ StudyDate: undefined, StudyTime: undefined }),
  'time-without-date': oneImage({ StudyDate: [] }),
  'impossible-date': oneImage({ StudyDate: '20240230' }),
  'future-study-date': oneImage({ StudyDate: '29991231' }),
  'long-uid': withUids((digits) => `2.25.${digits}.${ones(64 - 45)}`),
  'too-long-uid': withUids((digits) => `2.25.${digits}.${ones(80 - 45)}`),
  'leading-zero-uid': withUids((digits) => `2.25.007.0${digits}`),
  'duplicate-accession': inTwoStudies('AccessionNumber', (seed) => digitsOf(seed, 'accession').slice(0, 12)),
  'shared-sop-uid': inTwoStudies('SOPInstanceUID', (seed) => uidFromHash(seed, 'edge case', 'shared')),
  'empty-patient-id': oneImage({ PatientID: [] }),
  'no-patient-id': oneImage({ PatientID: undefined }),
  'spaced-patient-id': ofPatient((digits) => `  EDGE  ${digits} `),
  'backslash-patient-id': ofPatient((digits) => `EDGE\\${digits}`),
  'long-patient-id': ofPatient((digits) => digits + ones(61)),
  'empty-instance-number': twoImages({ InstanceNumber: [] }),
  'duplicate-instance-number': twoImages({ InstanceNumber: 1 }),
  'huge-text': oneImage({ TextValue: 'All work and no play.\r\n'.repeat(45_591) }),
  'odd-length': oneFile({ spoil: beforePixels }),
  'private-tags': oneImage(privateTags),
  'implicit-private-tags': oneFile({
    attributes: privateTags,
    transferSyntaxUid: transferSyntaxes.implicitLittleEndian,
  }),
  'undefined-length': oneImage(nested(3, true)),
  'deep-sequences': oneImage(nested(32, false)),
  'no-pixel-data': oneImage({ PixelData: undefined }),
  'no-character-set': oneImage({ SpecificCharacterSet: undefined, PatientName: latin1('Müller^Zoë') }),
  'wrong-character-set': oneImage({ PatientName: latin1('Müller^Zoë') }),
  'unknown-character-set': oneImage({ SpecificCharacterSet: 'ISO_IR 999', PatientName: 'Edge^Case' }),
  'group-lengths': oneImage({
    '00080000': { vr: 'UL', value: 1 },
    '00100000': { vr: 'UL', value: 2 },
    '00280000': { vr: 'UL', value: 3 },
  }),
  'trailing-padding': oneImage({ FFFCFFFC: { vr: 'OB', value: new Uint8Array(64) } }),
  'no-preamble': oneFile({ spoil: withoutMeta }),
};
