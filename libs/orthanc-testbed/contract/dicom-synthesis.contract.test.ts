import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  encodePart10,
  loadDictionary,
  orthancIds,
  readIdentifiers,
  toDataSet,
  uidFromHash,
} from '@orthanc-tools/dicom-files';
import type { Attributes } from '@orthanc-tools/dicom-files';
import { openTransferSyntax, synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import type { Script, SyntheticInstance, TransferSyntaxName } from '@orthanc-tools/dicom-synthesis';
import { openTestbed } from '../src/index.ts';
import type { RunningOrthanc } from '../src/index.ts';

interface Receipt {
  readonly Status: string;
  readonly ID: string;
  readonly ParentSeries: string;
  readonly ParentStudy: string;
  readonly ParentPatient: string;
}

let orthanc: RunningOrthanc;

beforeAll(async () => {
  orthanc = await (await openTestbed()).startOrthanc({ name: 'synthesis' });
}, 300_000);

afterAll(async () => {
  await orthanc[Symbol.asyncDispose]();
});

const store = async (bytes: Buffer): Promise<Receipt> => {
  const answer = await fetch(`${orthanc.url}/instances`, { method: 'POST', body: new Uint8Array(bytes) });
  return (await answer.json()) as Receipt;
};

const idsOf = (receipt: Receipt) => ({
  patient: receipt.ParentPatient,
  study: receipt.ParentStudy,
  series: receipt.ParentSeries,
  instance: receipt.ID,
});

const textOf = async (path: string): Promise<string> => await (await fetch(`${orthanc.url}${path}`)).text();

/** Grey values of an 8-bit PNG whose rows are all filtered by one byte that is skipped: enough to see contrast. */
const greyRange = (png: Buffer): number => {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  return new Set(inflateSync(Buffer.concat(parts))).size;
};

const expectStoredAsMade = async (instance: SyntheticInstance): Promise<void> => {
  const receipt = await store(instance.bytes);
  expect(receipt.Status).toBe('Success');
  expect(idsOf(receipt)).toEqual(instance.orthancIds());
  expect(await textOf(`/instances/${receipt.ID}/attachments/dicom/md5`)).toBe(instance.md5());
};

const every: TransferSyntaxName[] = [
  'explicitLittleEndian',
  'implicitLittleEndian',
  'deflatedExplicitLittleEndian',
  'explicitBigEndian',
  'rleLossless',
  'jpegLsLossless',
  'jpeg2000Lossless',
];

describe.each(every)('a synthetic study in %s', (name) => {
  it.each([2, 16, 128])(
    'is stored byte for byte and rendered, with images of %d pixels',
    async (imageSize) => {
      const transferSyntaxes = [await openTransferSyntax(name)];
      const seed = `contract ${name} ${imageSize}`;
      const request = {
        seed,
        studies: 2,
        seriesPerStudy: 1,
        instancesPerSeries: 2,
        imageSize,
        transferSyntaxes,
      };
      for (const study of synthesizeArchive(request)) {
        for (const instance of study.instances()) {
          await expectStoredAsMade(instance);
          const preview = await fetch(`${orthanc.url}/instances/${instance.orthancIds().instance}/preview`);
          expect(preview.headers.get('content-type')).toBe('image/png');
          const greys = greyRange(Buffer.from(await preview.arrayBuffer()));
          if (imageSize === 128) expect(greys).toBeGreaterThan(20);
        }
      }
    },
  );
});

describe('names', () => {
  const scripts: Script[] = [
    'latin',
    'mixed',
    'greek',
    'cyrillic',
    'japanese',
    'korean',
    'chinese',
    'arabic',
  ];

  it.each(scripts)('in %s are read by Orthanc as they were meant', async (script) => {
    const request = { seriesPerStudy: 1, instancesPerSeries: 1, imageSize: 2 };
    for (const study of synthesizeArchive({
      seed: `names ${script}`,
      studies: 10,
      scripts: [script],
      ...request,
    })) {
      for (const instance of study.instances()) await expectStoredAsMade(instance);
      const [first] = study.instances();
      const patient = JSON.parse(await textOf(`/patients/${first?.orthancIds().patient ?? ''}`)) as {
        MainDicomTags: Record<string, string>;
      };
      expect(patient.MainDicomTags['PatientName']).toBe(study.patient.name);
    }
  });
});

const latin1 = (text: string) => ({ vr: 'LO', value: Buffer.from(text, 'latin1') });

const awkward: [string, Attributes][] = [
  ['empty', { PatientID: [] }],
  ['absent', {}],
  ['a blank', { PatientID: ' ' }],
  ['blanks on both sides', { PatientID: '  AB  ' }],
  ['tabs and line ends', { PatientID: '\tA\r\n' }],
  ['control characters', { PatientID: latin1('A\x01B\x7f') }],
  ['padded with NULs', { PatientID: latin1('ABC\0\0\0') }],
  ['a NUL inside', { PatientID: latin1('AB\0C') }],
  ['several values', { PatientID: ['A ', ' B'] }],
  ['a bar', { PatientID: 'A|B' }],
  ['200 characters', { PatientID: 'X'.repeat(200) }],
  ['VR UN', { PatientID: { vr: 'UN', value: Buffer.from('ABCD') } }],
  ['8 bit without character set', { PatientID: latin1('Müller') }],
  ['8 bit in an unknown set', { SpecificCharacterSet: 'ISO_IR 999', PatientID: latin1('Müller') }],
  ['8 bit in the default set', { SpecificCharacterSet: 'ISO_IR 6', PatientID: latin1('Müller') }],
  ['Latin 1 taken for UTF-8', { SpecificCharacterSet: 'ISO_IR 192', PatientID: latin1('Müller') }],
  ...(
    [
      [['ISO_IR 100'], '\u00a0Müller-é\u00a0'],
      [['ISO_IR 101'], 'Dvořák'],
      [['ISO_IR 109'], 'Ħal'],
      [['ISO_IR 110'], 'Ķēn'],
      [['ISO_IR 126'], 'Γεω'],
      [['ISO_IR 127'], 'قبا'],
      [['ISO_IR 138'], 'שרון'],
      [['ISO_IR 144'], 'Иван'],
      [['ISO_IR 148'], 'Çelik'],
      [['ISO_IR 166'], 'นาย'],
      [['ISO_IR 203'], '€uro'],
      [['ISO_IR 13'], 'ﾔﾏﾀﾞ'],
      [['ISO_IR 192'], '患者-Ж'],
      [['GB18030'], '王小东'],
      [['GBK'], '王小东'],
      [['', 'ISO 2022 IR 87'], 'A山B'],
      [['ISO 2022 IR 6', 'ISO 2022 IR 87'], '山田'],
      [['ISO 2022 IR 13', 'ISO 2022 IR 87'], 'ﾔ山'],
      [['', 'ISO 2022 IR 87', 'ISO 2022 IR 159'], '丂山'],
      [['', 'ISO 2022 IR 149'], 'A홍B'],
      [['ISO 2022 IR 149'], '홍'],
      [['', 'ISO 2022 IR 58'], '张小东'],
      [['', 'ISO 2022 IR 144'], 'Иван'],
      [['ISO 2022 IR 100', 'ISO 2022 IR 144'], 'Müll Иван'],
      [['ISO 2022 IR 100', 'ISO 2022 IR 87'], 'Mü山'],
    ] as const
  ).map(([terms, text]): [string, Attributes] => [
    `${text} in ${terms.join('\\')}`,
    { SpecificCharacterSet: terms, PatientID: text },
  ]),
];

it.each(awkward)("predicts Orthanc's identifiers for a PatientID that is %s", async (name, attributes) => {
  const uids = {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
    SOPInstanceUID: uidFromHash(name, 'instance'),
    StudyInstanceUID: uidFromHash(name, 'study'),
    SeriesInstanceUID: uidFromHash(name, 'series'),
  };
  const file = encodePart10(toDataSet({ ...uids, Modality: 'OT', ...attributes }, await loadDictionary()));
  expect(orthancIds(readIdentifiers(file))).toEqual(idsOf(await store(file)));
});

it.each([
  ['padded with blanks', '1.2.3.1  '],
  ['padded with NULs', '1.2.3.2\0\0'],
  ['blanks on both sides', ' 1.2.3.3 '],
  ['a NUL inside', '1.2\0.3.4'],
  ['not a UID', '1.02.a'],
  ['too long', `1.${'2'.repeat(70)}`],
])("predicts Orthanc's identifiers for UIDs that are %s", async (name, uid) => {
  const value = { vr: 'UI', value: Buffer.from(uid) };
  const uids = { StudyInstanceUID: value, SeriesInstanceUID: value, SOPInstanceUID: value };
  const attributes = { SOPClassUID: '1.2.840.10008.5.1.4.1.1.7', PatientID: name, ...uids };
  const file = encodePart10(toDataSet(attributes, await loadDictionary()));
  expect(orthancIds(readIdentifiers(file))).toEqual(idsOf(await store(file)));
});
