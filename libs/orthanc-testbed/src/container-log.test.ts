import { describe, expect, it } from '@jest/globals';
import { joinFrames } from './container-log.ts';

const frame = (kind: number, text: string): Buffer => {
  const head = Buffer.alloc(8);
  head[0] = kind;
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
};

describe('joinFrames', () => {
  it('puts the frames of both streams together in their order', () => {
    expect(
      joinFrames(Buffer.concat([frame(1, 'first '), frame(2, 'zweit€ '), frame(1, ''), frame(1, 'last')])),
    ).toBe('first zweit€ last');
  });

  it('leaves out a frame whose head has not arrived', () => {
    expect(joinFrames(Buffer.concat([frame(1, 'whole'), Buffer.from([1, 0, 0])]))).toBe('whole');
  });
});
