import { describe, expect, it } from '@jest/globals';
import { openLentMemory } from './lent-memory.ts';

describe('openLentMemory', () => {
  it('gives each body a room of its length', () => {
    const memory = openLentMemory();
    expect([0, 1, 525_922, 20_000_000].map((length) => memory.take(length).bytes.length)).toEqual([
      0, 1, 525_922, 20_000_000,
    ]);
  });

  it('lends to two bodies at one time never the same', () => {
    const memory = openLentMemory();
    const [one, other] = [memory.take(500_000), memory.take(500_000)];
    expect(one.bytes.buffer).not.toBe(other.bytes.buffer);
  });

  it('lends what was released to a body of about the same size', () => {
    const memory = openLentMemory();
    const first = memory.take(500_000);
    first.release();
    expect(memory.take(100).bytes.buffer).not.toBe(first.bytes.buffer);
    expect(memory.take(510_000).bytes.buffer).toBe(first.bytes.buffer);
  });

  it('lends what is released twice only once', () => {
    const memory = openLentMemory();
    const first = memory.take(500_000);
    first.release();
    first.release();
    expect(memory.take(500_000).bytes.buffer).toBe(first.bytes.buffer);
    expect(memory.take(500_000).bytes.buffer).not.toBe(first.bytes.buffer);
  });

  it('keeps no more than its limit', () => {
    const memory = openLentMemory();
    const rooms = Array.from({ length: 40 }, () => memory.take(1_000_000));
    for (const room of rooms) room.release();
    const before = new Set(rooms.map(({ bytes }) => bytes.buffer));
    const again = rooms.map(() => memory.take(1_000_000).bytes.buffer);
    expect(again.filter((buffer) => before.has(buffer)).length).toBe(16);
  });
});
