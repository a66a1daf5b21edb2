import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { describe, expect, it } from '@jest/globals';
import { recognize } from './recognize.ts';

function oneInstance(): Buffer {
  for (const study of synthesizeArchive({ seed: 1, studies: 1, imageSize: 16 }))
    for (const { bytes } of study.instances()) return bytes;
  throw new Error('an archive without an instance');
}

const metaOf = (uid: string) => Buffer.concat([Buffer.alloc(128), Buffer.from(`DICM${uid}\0`)]);

describe('recognizing a file by its content', () => {
  const file = oneInstance();
  const metaLength = file.readUInt32LE(140);
  it.each([
    ['a DICOM file', file, 'dicom'],
    ['one without its preamble', file.subarray(132), 'dicom'],
    ['a bare data set', file.subarray(144 + metaLength), 'dicom'],
    ['a DICOMDIR', metaOf('1.2.840.10008.1.3.10'), 'dicomdir'],
    ['a class with a longer UID', metaOf('1.2.840.10008.1.3.100'), 'dicom'],
    ['a ZIP', Buffer.from('PK\x03\x04.....'), 'zip'],
    ['an empty ZIP', Buffer.from('PK\x05\x06.....'), 'zip'],
    ['a gzip', Buffer.from([0x1f, 0x8b, 8, 0]), 'gzip'],
    ['a PDF', Buffer.from('%PDF-1.7'), 'pdf'],
    ['nothing', Buffer.alloc(0), 'other'],
    ['zeros', Buffer.alloc(4096), 'other'],
    ['text', Buffer.from('Dear colleague, DICM is not enough.'), 'other'],
    [
      'what begins like an element by chance',
      Buffer.from([8, 0, 5, 0, 4, 0, 0, 0, ...Buffer.alloc(200, 255)]),
      'other',
    ],
  ])('%s', (_, head, kind) => {
    expect(recognize(head)).toBe(kind);
  });
});
