/** Bytes that may be a DICOM file, wherever they come from. */
export interface Content {
  /** The beginning; all of it where `isWhole`. */
  readonly head: Buffer;
  readonly isWhole: boolean;
  /** Of everything, in bytes. */
  readonly size: number;
  /** Everything, once; fails with a failure when it cannot be read to its end as it was. */
  body(): AsyncIterable<Buffer>;
}

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
