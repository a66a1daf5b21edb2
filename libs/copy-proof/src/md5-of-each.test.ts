import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type Md5Lanes, stretch } from './md5-lanes.ts';
import { md5Lanes, md5OfEach } from './md5-of-each.ts';

/** Bytes that repeat in no block. */
const noise = (() => {
  let state = 7;
  const next = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) >> 16;
  return Buffer.from(Array.from({ length: 1_000_000 }, next));
})();

const filesOf = (lengths: readonly number[]) =>
  lengths.map((length, at) => noise.subarray(at * 11, at * 11 + length));
const oneByOne = (files: readonly Uint8Array[]) => files.map((file) => hash('md5', file));

const opened = md5Lanes();
// Otherwise OpenSSL would be compared with itself.
if (opened === undefined) throw new Error('This Node has no vectors in WebAssembly: nothing can be proved.');
const lanes = opened;

/** What is answered, and the bytes that went through each lane. */
function hashed(files: readonly Uint8Array[]) {
  let inLanes = 0;
  const counting: Md5Lanes = {
    ...lanes,
    run(bytes) {
      inLanes += bytes;
      lanes.run(bytes);
    },
  };
  return { digests: md5OfEach(files, () => counting), inLanes };
}

const long = 100 * 1024;
/** With them, whatever is hashed beside is hashed side by side. */
const fourLong = [long, long - 1, long + 1, long - 64];
const ends = [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, stretch - 1, stretch, stretch + 1, long];

describe('the MD5 of each of several files', () => {
  it.each([
    ['alike', Array.from({ length: 8 }, () => 530_000)],
    ['fewer than fit side by side', [100_000, 99_999, 100_001, 99_937, 100_063]],
    ['more than fit side by side', Array.from({ length: 21 }, (_, at) => 40_000 + at * 1237)],
    ['of every end of a block', Array.from({ length: 130 }, (_, at) => 6400 + at)],
    ['of the length of a stretch, and about it', [-64, -1, 0, 1, 64].map((more) => 4 * stretch + more)],
    ['of every odd length, after long ones', [...fourLong, long, ...ends]],
    ['of every odd length, before long ones', [...ends, ...fourLong, long]],
    ['empty ones among long ones', [0, ...fourLong, 0, long, 0, 1]],
    ...ends.map((length) => [`one of ${String(length)}`, [...fourLong, length, long]] as const),
  ])('is worked out side by side, and that of one after the other: %s', (_, lengths) => {
    const files = filesOf(lengths);
    const { digests, inLanes } = hashed(files);
    expect(digests).toEqual(oneByOne(files));
    expect(inLanes).toBeGreaterThan(Math.max(...lengths));
  });

  it.each([
    ['one much larger', [900_000, 10, 20]],
    ['tiny', [3, 2, 1]],
    ['none', []],
  ])('is worked out one after the other where that is as fast: %s', (_, lengths) => {
    const files = filesOf(lengths);
    expect(hashed(files)).toEqual({ digests: oneByOne(files), inLanes: 0 });
  });

  it('is worked out one after the other where there are no lanes', () => {
    const files = filesOf([...fourLong, long]);
    expect(md5OfEach(files, () => undefined)).toEqual(oneByOne(files));
  });

  it('does not depend on what was hashed before', () => {
    const [some, others] = [filesOf([...fourLong, 70_000]), filesOf([90_000, 70_001, ...fourLong, 66_666])];
    for (const files of [some, others, some]) {
      const { digests, inLanes } = hashed(files);
      expect(digests).toEqual(oneByOne(files));
      expect(inLanes).toBeGreaterThan(0);
    }
  });

  it('is that of a part of a larger buffer, wherever it begins', () => {
    const parts = Array.from({ length: 19 }, (_, at) => noise.subarray(at * 50_000 + at, (at + 1) * 50_000));
    const { digests, inLanes } = hashed(parts);
    expect(digests).toEqual(oneByOne(parts));
    expect(inLanes).toBeGreaterThan(50_000);
  });
});
