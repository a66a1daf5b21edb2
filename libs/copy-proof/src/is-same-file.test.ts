import { expect, it } from '@jest/globals';
import { isSameFile } from './is-same-file.ts';

const hashed = { size: 10, md5: 'a' };
const unhashed = { size: 10, md5: undefined, fileUuid: 'u' };

it.each([
  ['itself', hashed, hashed, true],
  ['other bytes', hashed, { ...hashed, md5: 'b' }, false],
  ['itself, without a hash', unhashed, { ...unhashed }, true],
  ['one of the same length without a hash', unhashed, { ...unhashed, fileUuid: 'v' }, false],
  ['one without a file', unhashed, { size: 10, md5: undefined, isWithoutFile: true as const }, false],
])('knows %s', (_, one, other, isSame) => {
  expect(isSameFile(one, other)).toBe(isSame);
});
