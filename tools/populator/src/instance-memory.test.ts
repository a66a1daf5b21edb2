import { describe, expect, it } from '@jest/globals';
import { instanceMemory } from './instance-memory.ts';

const large = 100_000;

describe('the memory of instances', () => {
  it('is used again once it is given back, by one that is a little larger too', () => {
    const memory = instanceMemory(2);
    const first = memory.allocate(large);
    expect(first).toHaveLength(large);
    const second = memory.allocate(large);
    expect(second.buffer).not.toBe(first.buffer);
    memory.release(first);
    const third = memory.allocate(large + 10);
    expect(third).toHaveLength(large + 10);
    expect(third.buffer).toBe(first.buffer);
    expect(memory.allocate(large).buffer).not.toBe(first.buffer);
  });

  it('is not hoarded', () => {
    const memory = instanceMemory(1);
    const pieces = [memory.allocate(large), memory.allocate(large * 2)] as const;
    for (const piece of pieces) memory.release(piece);
    expect(memory.allocate(large * 2).buffer).toBe(pieces[1].buffer);
    expect(memory.allocate(large).buffer).not.toBe(pieces[0].buffer);
  });

  it('leaves alone what is small, and what came from elsewhere', () => {
    const memory = instanceMemory(1);
    memory.release(memory.allocate(100));
    memory.release(Buffer.alloc(large));
    expect(memory.allocate(large).buffer.byteLength % 65_536).toBe(0);
  });
});
