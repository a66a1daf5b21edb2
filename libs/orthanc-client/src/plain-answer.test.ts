import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { longestHead } from './plain-head.ts';
import { openLentMemory } from './lent-memory.ts';
import { openPlainAnswer } from './plain-answer.ts';

const file = randomBytes(100_000);
const answerWith = (body: Buffer, announced = body.length) =>
  Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${String(announced)}\r\n\r\n`), body]);

/** Lets the bytes come as a socket would: as much at a time as there is room, so many at most. */
function comeIn(bytes: Buffer, atOnce: number, cap = 1_000_000) {
  const answer = openPlainAnswer(Buffer.alloc(longestHead), openLentMemory(), cap);
  let told: string = 'more';
  for (let from = 0; from < bytes.length && told === 'more';) {
    const room = answer.next();
    const length = bytes.copy(room, 0, from, from + Math.min(atOnce, room.length));
    from += length;
    told = answer.came(length);
  }
  return { answer, told };
}

describe('openPlainAnswer', () => {
  it.each([1, 2, 37, 1000, 65_536, 1_000_000])('puts a file together from %d bytes at a time', (atOnce) => {
    const { answer, told } = comeIn(answerWith(file), atOnce);
    expect(told).toBe('whole');
    expect(answer.room?.bytes.equals(file)).toBe(true);
  });

  it('knows an empty file', () => {
    expect(comeIn(answerWith(Buffer.alloc(0)), 1000).told).toBe('whole');
  });

  it('waits for what is missing', () => {
    expect(comeIn(answerWith(file, file.length + 1), 1000).told).toBe('more');
  });

  it.each([
    ['an answer in chunks', Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'), 'other'],
    ['more bytes than announced', answerWith(file, 7), 'other'],
    ['a head without an end', Buffer.alloc(100_000, 'x'), 'other'],
    ['a file above the cap', answerWith(file, 1_000_001), 'large'],
  ])('gives up at %s', (_, bytes, expected) => {
    expect(comeIn(bytes, 5000).told).toBe(expected);
  });
});
