import { describe, expect, it } from '@jest/globals';
import { readFile, streamFile } from './move-file.ts';

const signal = new AbortController().signal;
const instance = { id: 'a', size: 6 };

/** A source that sends these pieces, and a destination that keeps what it is sent. */
function ends(...pieces: string[]) {
  const buffers = pieces.map((piece) => Buffer.from(piece));
  const length = buffers.reduce((sum, { length: bytes }) => sum + bytes, 0);
  let released = 0;
  const stored: string[] = [];
  return {
    stored,
    released: () => released,
    source: {
      instances: {
        readFile: () => Promise.resolve({ chunks: buffers, length, release: () => void (released += 1) }),
        openFile: () => Promise.resolve({ body: arriving(buffers) }),
      },
    },
    destination: {
      instances: {
        async store(file: unknown) {
          for await (const piece of (file as { body: AsyncIterable<Buffer> }).body)
            stored.push(String(piece));
          return [];
        },
      },
    },
  };
}

async function* arriving(pieces: readonly Buffer[]) {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

describe('a file', () => {
  it('is read when it is as large as the source has told', async () => {
    expect((await readFile(instance, ends('abc', 'def'), signal)).length).toBe(6);
  });

  it.each([[['abc']], [['abc', 'def', 'g']]])('is not taken when it is %j', async (pieces) => {
    const both = ends(...pieces);
    const failure = { kind: 'transient', code: 'FILE_OF_ANOTHER_SIZE' };
    await expect(readFile(instance, both, signal)).rejects.toMatchObject(failure);
    expect(both.released()).toBe(1);
  });

  it('is streamed as it is', async () => {
    const both = ends('abc', 'def');
    await streamFile(instance, both, signal);
    expect(both.stored).toEqual(['abc', 'def']);
  });

  it.each([
    [['abc', 'de'], ['abc']],
    [['abc', 'def', 'g'], ['abc']],
    [['abcdefg'], []],
  ])('is broken before it could be stored when it is %j', async (pieces, stored) => {
    const both = ends(...pieces);
    await expect(streamFile(instance, both, signal)).rejects.toMatchObject({ code: 'FILE_OF_ANOTHER_SIZE' });
    expect(both.stored).toEqual(stored);
  });
});
