import { expect, it } from '@jest/globals';
import { encodePart10, loadDictionary, toDataSet } from '@orthanc-tools/dicom-files';
import { contentOf } from './content.ts';
import { identify } from './identify.ts';
import { identifyStreamed } from './identify-streamed.ts';
import { readUpTo } from './pieces.ts';

const dictionary = await loadDictionary();

/** Its identifiers are far behind its beginning, and it is too large to be held. */
const file = encodePart10(
  toDataSet(
    {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
      SOPInstanceUID: '1.2.3',
      StudyInstanceUID: '1.2.4',
      SeriesInstanceUID: '1.2.5',
      AdditionalPatientHistory: 'x'.repeat(60_000),
      PatientComments: 'x'.repeat(60_000),
      PixelData: new Uint8Array(5_000_000),
    },
    dictionary,
  ),
);

async function* inPieces(): AsyncGenerator<Buffer> {
  for (let at = 0; at < file.length; at += 50_000) {
    await Promise.resolve();
    yield file.subarray(at, at + 50_000);
  }
}

it.each([file.length, undefined])(
  'reads on in a stream, and leaves all of it to be read (%s)',
  async (size) => {
    const pieces = inPieces();
    const content = await contentOf(await readUpTo(pieces, 65_536), pieces, size);
    expect([content.isWhole, identify(content.head)]).toEqual([false, undefined]);
    const identified = await identifyStreamed(content);
    expect(identify(identified.head)?.sopInstanceUid).toBe('1.2.3');
    const read: Buffer[] = [];
    for await (const piece of identified.body()) read.push(piece);
    expect(Buffer.concat(read).equals(file)).toBe(true);
    expect(identified.size).toBe(file.length);
  },
);
