import { describe, expect, it } from '@jest/globals';
import { encodePart10, loadDictionary, toDataSet, transferSyntaxes } from '@orthanc-tools/dicom-files';
import { identify, identifyFurther } from './identify.ts';

const dictionary = await loadDictionary();
const uids = { SOPInstanceUID: '1.2.3', StudyInstanceUID: '1.2.4', SeriesInstanceUID: '1.2.5' };
const comments = { AdditionalPatientHistory: 'x'.repeat(60_000), PatientComments: 'x'.repeat(60_000) };
const fileOf = (attributes: object, transferSyntaxUid?: string): Buffer =>
  encodePart10(
    toDataSet(
      { ...uids, PatientID: 'P', SOPClassUID: '1.2.840.10008.5.1.4.1.1.7', ...attributes },
      dictionary,
    ),
    transferSyntaxUid,
  );

/** How much was read (bytes), and what its beginning tells then. */
async function readingOn(file: Buffer) {
  const head = Buffer.from(file.subarray(0, 65_536));
  const reads: number[] = [];
  const readTo = (length: number) => {
    reads.push(length);
    return Promise.resolve(file.subarray(0, length));
  };
  await identifyFurther(head, { size: file.length, readTo });
  return { reads, uid: identify(head)?.sopInstanceUid };
}

describe('identifying a file by more than its beginning', () => {
  it('reads on as far as the identifiers, and no further', async () => {
    const file = fileOf({ ...comments, PixelData: new Uint8Array(1_000_000) });
    expect(await readingOn(file)).toEqual({ reads: [262_144], uid: '1.2.3' });
  });

  it('reads no further where the beginning says it all, or shows that there is nothing to find', async () => {
    const pixels = { Rows: 1, PixelData: new Uint8Array(1_000_000) };
    expect(await readingOn(fileOf(pixels))).toEqual({ reads: [], uid: '1.2.3' });
    const nameless = fileOf({ ...pixels, SeriesInstanceUID: undefined });
    expect(await readingOn(nameless)).toEqual({ reads: [], uid: undefined });
  });

  it('ends with the file, and after 4 MB', async () => {
    const broken = Buffer.from(fileOf({ PixelData: new Uint8Array(6_000_000) }).fill(0xff, 200));
    expect(await readingOn(broken.subarray(0, 300_000))).toEqual({
      reads: [262_144, 300_000],
      uid: undefined,
    });
    expect((await readingOn(broken)).reads.at(-1)).toBe(4 * 1024 * 1024);
  });
});

describe('identifying a file of which the beginning is missing', () => {
  const { explicitLittleEndian, implicitLittleEndian } = transferSyntaxes;

  it.each([
    ['explicit', explicitLittleEndian],
    ['implicit', implicitLittleEndian],
  ])(
    'reads a data set with %s value representations without meta group, and without preamble',
    (_, syntax) => {
      const file = fileOf({ PatientName: 'A^B' }, syntax);
      const expected = identify(file);
      expect(expected?.sopInstanceUid).toBe('1.2.3');
      const dataSet = file.subarray(144 + file.readUInt32LE(140));
      for (const part of [file.subarray(132), dataSet, Buffer.concat([file.subarray(0, 132), dataSet])])
        expect(identify(part)).toEqual(expected);
    },
  );
});
