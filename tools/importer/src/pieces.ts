/** Of a body that comes in pieces, so many bytes or more; fewer where it ends before. */
export async function readUpTo(pieces: AsyncIterator<Buffer>, least: number): Promise<Buffer> {
  const read: Buffer[] = [];
  for (let length = 0; length < least;) {
    const next = await pieces.next();
    if (next.done === true) break;
    read.push(next.value);
    length += next.value.length;
  }
  const [only] = read;
  return read.length === 1 && only !== undefined ? only : Buffer.concat(read);
}

/** What was read already, and then the rest. */
export async function* chain(
  head: Buffer | readonly Buffer[],
  rest: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  if (Buffer.isBuffer(head)) yield head;
  else yield* head;
  yield* rest;
}

/** A body that can be broken off and read on from there: nobody who stops reading ends what it comes from. */
export function resumable(body: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // A generator gives the pieces in order, also to two who ask at the same time.
  const pieces = chain([], body);
  return { [Symbol.asyncIterator]: () => ({ next: () => pieces.next() }) };
}

/**
 * Withholds the last piece until all of it was checked: who has sent everything can take nothing back.
 * @throws what `check` throws
 */
export async function* checkedBeforeEnd(
  pieces: AsyncIterable<Buffer>,
  { see, check }: { see(piece: Buffer): void; check(): void | Promise<void> },
): AsyncGenerator<Buffer> {
  let last: Buffer | undefined;
  for await (const piece of pieces) {
    if (last !== undefined) yield last;
    see(piece);
    last = piece;
  }
  await check();
  if (last !== undefined) yield last;
}

/** A body from which exactly so much is taken as is asked for. */
export interface Taker {
  /** @throws Error when the body ends before */
  take(length: number): Promise<Buffer>;
  /** Whatever comes next; undefined at the end. */
  takeAny(): Promise<Buffer | undefined>;
  putBack(bytes: Buffer): void;
}

export function takerOf(body: AsyncIterable<Buffer>): Taker {
  const pieces = body[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  async function takeAny(): Promise<Buffer | undefined> {
    while (rest.length === 0) {
      const next = await pieces.next();
      if (next.done === true) return undefined;
      rest = next.value;
    }
    const taken = rest;
    rest = Buffer.alloc(0);
    return taken;
  }
  return {
    takeAny,
    putBack(bytes) {
      rest = rest.length === 0 ? bytes : Buffer.concat([bytes, rest]);
    },
    async take(length) {
      const taken: Buffer[] = [];
      for (let missing = length; missing > 0;) {
        const piece = await takeAny();
        if (piece === undefined) throw new Error('the body ends early');
        taken.push(piece.subarray(0, missing));
        rest = piece.subarray(missing);
        missing -= Math.min(missing, piece.length);
      }
      return Buffer.concat(taken);
    },
  };
}
