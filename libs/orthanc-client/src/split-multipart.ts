import { transientFailure } from '@orthanc-tools/failures';

/** One part of a `multipart/related` answer, as the pieces in which it came: joining them would copy every image once more. */
export interface MultipartPart {
  readonly chunks: readonly Uint8Array[];
  /** Bytes. */
  readonly length: number;
  /** Where the memory can be lent to another part: see `Room`. */
  readonly release?: () => void;
}

const headerEnd = Buffer.from('\r\n\r\n');
const longestHeader = 16_384;

const cutOff = () =>
  transientFailure(
    'ORTHANC_ANSWER_CUT_OFF',
    'The multipart answer of the server ended before its last part.',
  );
const unreadable = (why: string) =>
  transientFailure('ORTHANC_ANSWER_UNREADABLE', `The multipart answer of the server cannot be read: ${why}.`);

/** Bytes on their way from an iterable, taken in the portions that the grammar asks for, never joined without need. */
class PieceReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #piece: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#source.next();
    if (done === true) return false;
    const next = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    this.#piece = this.#piece.length === 0 ? next : Buffer.concat([this.#piece, next]);
    return true;
  }

  /** Everything up to and including the mark; only headers are read in this way, so little is joined. */
  async through(mark: Buffer): Promise<Buffer> {
    for (;;) {
      const at = this.#piece.indexOf(mark);
      if (at >= 0) return this.#take(at + mark.length);
      if (this.#piece.length > longestHeader) throw unreadable('a part has no header that ends');
      if (!(await this.#more())) throw cutOff();
    }
  }

  async pieces(length: number): Promise<Buffer[]> {
    const pieces: Buffer[] = [];
    for (let missing = length; missing > 0;) {
      if (this.#piece.length === 0 && !(await this.#more())) throw cutOff();
      const piece = this.#take(Math.min(missing, this.#piece.length));
      pieces.push(piece);
      missing -= piece.length;
    }
    return pieces;
  }

  async exactly(length: number): Promise<Buffer> {
    while (this.#piece.length < length) if (!(await this.#more())) throw cutOff();
    return this.#take(length);
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  #take(length: number): Buffer {
    const taken = this.#piece.subarray(0, length);
    this.#piece = this.#piece.subarray(length);
    return taken;
  }
}

function lengthIn(header: Buffer): number {
  const found = /^content-length:[ \t]*(\d+)[ \t]*\r?$/im.exec(header.toString('latin1'));
  if (found?.[1] === undefined) throw unreadable('a part does not tell its Content-Length');
  return Number(found[1]);
}

/**
 * The parts of a `multipart/related` answer while it streams. Every part must tell its `Content-Length`, as those of
 * Orthanc's DICOMweb plugin do: nothing is searched in the images. `admit` is awaited with a part's length before its
 * bytes are read, so that a reader can wait for memory.
 *
 * @throws transient `ORTHANC_ANSWER_CUT_OFF` when the closing boundary never comes: a part handed out before is whole.
 */
export async function* splitMultipart(
  body: AsyncIterable<Uint8Array>,
  boundary: string,
  admit?: (length: number) => Promise<void>,
): AsyncGenerator<MultipartPart> {
  const reader = new PieceReader(body);
  const delimiter = Buffer.from(`--${boundary}`);
  try {
    await reader.through(delimiter);
    while ((await reader.exactly(2)).toString('latin1') === '\r\n') {
      const length = lengthIn(await reader.through(headerEnd));
      await admit?.(length);
      yield { chunks: await reader.pieces(length), length };
      const end = await reader.exactly(delimiter.length + 2);
      if (!end.subarray(2).equals(delimiter)) throw unreadable('a part is longer than its Content-Length');
    }
  } finally {
    await reader.close();
  }
}
