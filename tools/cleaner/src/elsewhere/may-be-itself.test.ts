import { expect, it } from '@jest/globals';
import { mayBeItself } from './may-be-itself.ts';

const own = { aet: 'ARCHIVE', dicomPort: 4242 };

it.each([
  [true, { aet: 'ARCHIVE', host: '10.0.0.1', port: 4242 }],
  [true, { aet: 'ANY', host: 'localhost', port: 4242 }],
  [true, { aet: 'ANY', host: '127.0.0.1', port: 4242 }],
  [true, { aet: 'ANY', host: '::1', port: 4242 }],
  [false, { aet: 'PACS', host: '10.0.0.1', port: 4242 }],
  [false, { aet: 'ARCHIVE', host: 'localhost', port: 11112 }],
  [false, { aet: 'PACS', host: '127.example.org', port: 4242 }],
  [false, { aet: 'ARCHIVE', host: 'pacs', port: undefined }],
])('%s: a modality may be the Orthanc that knows it: %j', (expected, modality) => {
  expect(mayBeItself(modality, own)).toBe(expected);
});

it('an Orthanc that tells no port is none of its modalities', () => {
  expect(
    mayBeItself({ aet: 'A', host: 'localhost', port: undefined }, { aet: 'A', dicomPort: undefined }),
  ).toBe(false);
});
