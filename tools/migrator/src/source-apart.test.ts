import { expect, it } from '@jest/globals';
import { comparePlaces } from './source-apart.ts';

const old = { aet: 'OLD', host: '10.0.0.1', port: 104 };
const local = { ...old, host: 'localhost' };

it.each([
  ['same', old, old],
  ['same', old, { ...old, aet: 'OLD ' }],
  ['same', local, { ...old, host: '127.0.0.1' }],
  ['same', { ...old, host: 'pacs' }, { ...old, host: 'PACS' }],
  ['alike', old, { ...old, host: 'pacs' }],
  ['apart', old, { ...old, port: 105 }],
  ['apart', old, { ...old, aet: 'NEW' }],
  // Two archives may live behind one port, and two servers on one machine.
  ['apart', local, { ...local, aet: 'NEW' }],
  ['apart', { ...old, port: undefined }, { ...old, port: undefined }],
] as const)('%s: %j and %j', (expected, one, other) => {
  expect(comparePlaces(one, other)).toBe(expected);
});
