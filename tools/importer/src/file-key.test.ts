import { describe, expect, it } from '@jest/globals';
import { foldersAbove, keyOf, pathOf } from './file-key.ts';

describe('the key of a file', () => {
  it.each([
    ['plain', Buffer.from('a/b c.dcm'), 'a/b c.dcm'],
    ['UTF-8', Buffer.from('Müller/画像.dcm'), 'Müller/画像.dcm'],
    ['Latin 1', Buffer.from([0x61, 0xfc, 0x62]), 'a\\xfcb'],
    ['a backslash', Buffer.from('a\\xfc'), 'a\\\\xfc'],
    ['both', Buffer.from([0x5c, 0xc3, 0xbc, 0xff]), '\\\\ü\\xff'],
    ['a zero byte', Buffer.from('a\0b'), 'a\\x00b'],
    ['a cut character', Buffer.from([0xe7, 0x94]), '\\xe7\\x94'],
  ])('leads back to the path: %s', (_, path, key) => {
    expect(keyOf(path)).toBe(key);
    expect(pathOf(key)).toEqual(path);
  });

  it('tells the folders in which it lies', () => {
    expect(foldersAbove('a/b c/image')).toEqual(['a', 'a/b c']);
    expect(foldersAbove('a/b/')).toEqual(['a', 'a/b']);
    expect(foldersAbove('image')).toEqual([]);
  });
});
