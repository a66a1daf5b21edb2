import { describe, expect, it } from '@jest/globals';
import { contentOf } from './content-digest.ts';
import type { DataSet } from './data-set.ts';
import { encodePart10 } from './part10.ts';
import { transferSyntaxes } from './transfer-syntaxes.ts';

const image = (number: string, pixels: Uint8Array): DataSet => [
  { tag: 0x00080016, vr: 'UI', text: ['1.2.840.10008.5.1.4.1.1.2'] },
  { tag: 0x00080018, vr: 'UI', text: ['2.25.1'] },
  { tag: 0x00200011, vr: 'IS', text: [number] },
  { tag: 0x7fe00010, vr: 'OW', bytes: pixels },
];

const pixels = Uint8Array.of(1, 2, 3, 0x20);
const contentDigest = (file: Uint8Array): string => contentOf(file).whole();

describe('the digest of what a file says', () => {
  it('is the same however its texts are padded, and in each little endian', () => {
    const digests = [
      encodePart10(image('1', pixels)),
      encodePart10(image('1   ', pixels)),
      encodePart10(image('1', pixels), transferSyntaxes.implicitLittleEndian),
      encodePart10(image('1', pixels), transferSyntaxes.deflatedExplicitLittleEndian),
    ].map(contentDigest);
    expect(new Set(digests).size).toBe(1);
  });

  it('differs with a text, and with a pixel, also one that looks like padding', () => {
    const digests = [
      image('1', pixels),
      image('2', pixels),
      image('1', Uint8Array.of(1, 2, 3, 0)),
      image('1', Uint8Array.of(1, 2)),
    ].map((dataSet) => contentDigest(encodePart10(dataSet)));
    expect(new Set(digests).size).toBe(4);
  });

  it('differs with a compressed frame', () => {
    const digests = [1, 1, 2].map((byte) => {
      const frame = { tag: 0x7fe00010, vr: 'OB', fragments: [Uint8Array.of(byte, 2)] } as const;
      const dataSet = [...image('1', pixels).slice(0, 3), frame];
      return contentDigest(encodePart10(dataSet, transferSyntaxes.rleLossless));
    });
    expect(digests[0]).toBe(digests[1]);
    expect(digests[0]).not.toBe(digests[2]);
  });

  it('is the same whether sequences tell their length or end with a delimiter', () => {
    const digests = [false, true].map((undefinedLength) => {
      const items = [image('7', pixels).slice(1, 3)];
      const sequence = { tag: 0x00081140, vr: 'SQ', items, undefinedLength } as const;
      const [first, ...rest] = image('1', pixels);
      return contentDigest(
        encodePart10([...(first ? [first] : []), ...rest.slice(0, 1), sequence, ...rest.slice(1)]),
      );
    });
    expect(digests[0]).toBe(digests[1]);
  });

  it('leaves the image out, and nothing else, where that is asked for', () => {
    const [first, otherPixels, otherText] = [
      image('1', pixels),
      image('1', Uint8Array.of(1, 2)),
      image('2', pixels),
    ].map((dataSet) => contentOf(encodePart10(dataSet)));
    expect(first?.besidesImage()).toBe(otherPixels?.besidesImage());
    expect(first?.besidesImage()).not.toBe(otherText?.besidesImage());
    expect(first?.transferSyntax).toBe('1.2.840.10008.1.2.1');
  });

  it('is none of a file that would be inflated beyond what was allowed', () => {
    const deflated = encodePart10(
      image('1', new Uint8Array(100_000)),
      transferSyntaxes.deflatedExplicitLittleEndian,
    );
    expect(deflated.length).toBeLessThan(2000);
    expect(() => contentOf(deflated, 50_000)).toThrow(expect.objectContaining({ code: 'DICOM_TOO_LARGE' }));
    expect(contentOf(deflated, 200_000).whole()).toBe(contentDigest(deflated));
  });

  it('is none of what is no DICOM file', () => {
    expect(() => contentDigest(Buffer.from('no DICOM'))).toThrow('cannot be read');
  });
});
