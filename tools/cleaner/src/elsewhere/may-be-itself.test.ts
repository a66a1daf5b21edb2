import { expect, it } from '@jest/globals';
import { isToldByItself, mayBeItself } from './may-be-itself.ts';

const own = { aet: 'ARCHIVE', dicomPort: 4242 };

it.each([
  [true, { aet: 'ARCHIVE', host: '10.0.0.1', port: 4242 }],
  [true, { aet: 'ANY', host: 'localhost', port: 4242 }],
  [true, { aet: 'ANY', host: '127.0.0.1', port: 4242 }],
  [true, { aet: 'ANY', host: '::1', port: 4242 }],
  [false, { aet: 'PACS', host: '10.0.0.1', port: 4242 }],
  [false, { aet: 'ANY', host: 'localhost', port: 11112 }],
  // Its port may be forwarded.
  [true, { aet: 'ARCHIVE', host: 'localhost', port: 11112 }],
  [false, { aet: 'PACS', host: '127.example.org', port: 4242 }],
  [false, { aet: 'PACS', host: 'localhost', port: undefined }],
])('%s: a modality may be the Orthanc that knows it: %j', (expected, modality) => {
  expect(mayBeItself(modality, own)).toBe(expected);
});

it('an Orthanc that tells neither AET nor port is none of its modalities', () => {
  expect(
    mayBeItself({ aet: 'A', host: 'localhost', port: undefined }, { aet: undefined, dicomPort: undefined }),
  ).toBe(false);
});

it.each([
  [true, 'ARCHIVE', 'ARCHIVE'],
  [true, 'ARCHIVE ', 'ARCHIVE'],
  [false, 'PACS', 'ARCHIVE'],
  // It knows another place too: that is no Orthanc.
  [false, 'PACS\\ARCHIVE', 'ARCHIVE'],
  [false, '', 'ARCHIVE'],
  [false, undefined, 'ARCHIVE'],
  [false, undefined, undefined],
])('%s: what %j has told was told by %j', (expected, told, aet) => {
  expect(isToldByItself(told, { aet })).toBe(expected);
});
