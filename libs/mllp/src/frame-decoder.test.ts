import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type FrameEvent, frameDecoder } from './frame-decoder.ts';
import { frameMessage } from './frame-message.ts';

const limit = { maxFrameBytes: 1000 };
const shown = (events: readonly FrameEvent[]) =>
  events.map((event) =>
    event.is === 'frame' ? event.bytes.toString('latin1') : event.is === 'junk' ? event.length : event.is,
  );
const decode = (chunks: readonly (string | Uint8Array)[], settings = limit): unknown[] => {
  const decoder = frameDecoder(settings);
  const events = chunks.flatMap((chunk) =>
    decoder.push(typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk),
  );
  return shown([...events, ...decoder.end()]);
};

describe('the frames of MLLP', () => {
  it('takes several frames out of one packet, in order', () => {
    expect(decode(['\x0bMSH|1\x1c\r\x0bMSH|2\x1c\r'])).toEqual(['MSH|1', 'MSH|2']);
  });

  it('counts what lies between frames and goes on', () => {
    expect(decode(['\r\n\0x\x0bA\x1c\r\r\n\x0bB\x1c\r'])).toEqual([4, 'A', 2, 'B']);
  });

  it('lets the next start end a frame whose carriage return is missing', () => {
    expect(decode(['\x0bA\x1c\x0bB\x1c\r'])).toEqual(['A', 'B']);
  });

  it('starts again at a start within an unfinished frame, and counts what is lost', () => {
    expect(decode(['\x0bABC\x0bD\x1c\r'])).toEqual([3, 'D']);
  });

  it('takes a file separator in the middle for content', () => {
    expect(decode(['\x0bA\x1cB\x1c\x1c\r'])).toEqual(['A\x1cB\x1c']);
  });

  it('does not give out a frame that never ended', () => {
    expect(decode(['\x0bABC'])).toEqual([3]);
    expect(decode(['\x0bABC\x1c'])).toEqual(['ABC']);
  });

  it('tells once that a frame is too large, keeps none of it, and goes on behind it', () => {
    const large = 'x'.repeat(700);
    expect(decode([`\x0b${large}`, large, `${large}\x1c\r\x0bB\x1c\r`])).toEqual(['too-large', 'B']);
  });

  it('takes an unframed message only where that is allowed, and only at the beginning', () => {
    const bare = { ...limit, acceptsBare: true };
    expect(decode(['M', 'SH|', 'x'], bare)).toEqual(['MSH|x']);
    expect(decode(['MSH|x'])).toEqual([5]);
    expect(decode(['MSX|x\x0bA\x1c\rMSH|y'], bare)).toEqual([5, 'A', 5]);
    expect(decode(['MSH|x\x0bA\x1c\r'], bare)).toEqual([5, 'A']);
    expect(decode(['MS\x0bA\x1c\r'], bare)).toEqual([2, 'A']);
  });

  const byte = fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(0x0b, 0x1c, 0x0d, 0x4d, 0x53, 0x48) },
    { weight: 2, arbitrary: fc.nat(255) },
  );
  const cutAt = (bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] => {
    const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
    return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
  };

  it('means the same however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(byte, { maxLength: 120 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.boolean(),
        fc.constantFrom(5, 30, 1000),
        (content, cuts, acceptsBare, maxFrameBytes) => {
          const bytes = Uint8Array.from(content);
          const settings = { maxFrameBytes, acceptsBare };
          const whole = decode([bytes], settings);
          expect(decode(cutAt(bytes, cuts), settings)).toEqual(whole);
          expect(
            decode(
              Array.from(bytes, (one) => Uint8Array.of(one)),
              settings,
            ),
          ).toEqual(whole);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('gives back what was framed', () => {
    const content = fc
      .uint8Array({ maxLength: 50 })
      .filter((bytes) => !bytes.includes(0x0b) && !bytes.includes(0x1c));
    fc.assert(
      fc.property(fc.array(content), (messages) => {
        const stream = Buffer.concat(messages.map(frameMessage));
        expect(decode([stream])).toEqual(messages.map((bytes) => Buffer.from(bytes).toString('latin1')));
      }),
    );
  });
});
