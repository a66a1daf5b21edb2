import { chain } from './pieces.ts';

/** Bytes that may be a DICOM file, wherever they come from. */
export interface Content {
  /** The beginning; all of it where `isWhole`. */
  readonly head: Buffer;
  readonly isWhole: boolean;
  /** Of everything, in bytes; where `isSizeUnknown`, of what was read so far. */
  readonly size: number;
  readonly isSizeUnknown?: true;
  /** Everything, once; fails with a failure when it cannot be read to its end as it was. */
  body(): AsyncIterable<Buffer>;
  /** The same, for whoever is done with each piece before the next is asked for: their memory is used again. */
  pass?(): AsyncIterable<Buffer>;
  /** Everything in one piece, where it is small enough for that; otherwise it has to be streamed. */
  hold?(): Promise<Held>;
}

export interface Held {
  readonly bytes: Buffer;
  /** Lends the memory to another content. Only when the bytes are not on their way to anybody any more. */
  readonly release: () => void;
}

/** Larger contents are streamed (bytes). */
export const largestHeld = 4 * 1024 * 1024;

export function wholeContent(bytes: Buffer): Content {
  return {
    head: bytes,
    isWhole: true,
    size: bytes.length,
    async *body() {
      await Promise.resolve();
      yield bytes;
    },
  };
}

/** What comes as a stream, all of it at once where it is small. */
export async function contentOf(
  head: Buffer,
  rest: AsyncIterable<Buffer>,
  size: number | undefined,
): Promise<Content> {
  if (size !== undefined && size > largestHeld)
    return { head, isWhole: false, size, body: () => chain(head, rest) };
  const held = [head];
  let length = head.length;
  const pieces = rest[Symbol.asyncIterator]();
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
    held.push(next.value);
    length += next.value.length;
    if (length > largestHeld)
      return endlessContent(head, chain(held, { [Symbol.asyncIterator]: () => pieces }));
  }
  return wholeContent(Buffer.concat(held));
}

function endlessContent(head: Buffer, all: AsyncIterable<Buffer>): Content {
  let size = 0;
  return {
    head,
    isWhole: false,
    isSizeUnknown: true,
    get size() {
      return size;
    },
    async *body() {
      for await (const piece of all) {
        size += piece.length;
        yield piece;
      }
    },
  };
}

const nothingToDo = () => undefined;

/** The content in one piece; undefined where it must be streamed. */
export async function heldContent({ isWhole, head, hold }: Content): Promise<Held | undefined> {
  return isWhole ? { bytes: head, release: nothingToDo } : hold?.();
}
