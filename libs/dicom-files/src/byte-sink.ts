/** Bytes that grow at their end; numbers in one byte order. */
export interface ByteSink {
  /** How many there are. */
  length(): number;
  uint16(value: number): void;
  uint32(value: number): void;
  /** Characters below U+0100, one byte each. */
  latin1(text: string): void;
  bytes(source: Uint8Array): void;
  /** Writes over what is there; a number that does not fit is a RangeError. */
  setUint16(value: number, at: number): void;
  setUint32(value: number, at: number): void;
  /** What there is; nothing can be added afterwards. */
  taken(): Buffer;
}

const usualCapacity = 4096;
/** Up to so many characters are written faster one by one than by a call of Node's. */
const fewCharacters = 32;

/** Of sinks that are done with: a buffer of this size is memory outside of the heap, and dear to make for each small file. */
const spare: Buffer[] = [];
const mostSpare = 4;
const none = Buffer.alloc(0);

/** One buffer for a whole file instead of one for each header and value: with small files those are most of the work. */
export const byteSink = (bigEndian: boolean): ByteSink => {
  let buffer = spare.pop() ?? Buffer.allocUnsafe(usualCapacity);
  let end = 0;
  /** Where so many bytes can be written. */
  const claim = (length: number): number => {
    const at = end;
    end += length;
    if (end > buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, buffer.length * 2));
      buffer.copy(larger, 0, 0, at);
      buffer = larger;
    }
    return at;
  };
  const setUint16 = (value: number, at: number): void =>
    void (bigEndian ? buffer.writeUInt16BE(value, at) : buffer.writeUInt16LE(value, at));
  const setUint32 = (value: number, at: number): void =>
    void (bigEndian ? buffer.writeUInt32BE(value, at) : buffer.writeUInt32LE(value, at));
  return {
    length: () => end,
    uint16: (value) => setUint16(value, claim(2)),
    uint32: (value) => setUint32(value, claim(4)),
    latin1: (text) => {
      const at = claim(text.length);
      if (text.length > fewCharacters) buffer.write(text, at, 'latin1');
      else for (let n = 0; n < text.length; n += 1) buffer[at + n] = text.charCodeAt(n);
    },
    bytes: (source) => {
      const at = claim(source.length);
      buffer.set(source, at);
    },
    setUint16,
    setUint32,
    taken: () => {
      const taken = Buffer.from(buffer.subarray(0, end));
      if (buffer.length === usualCapacity && spare.length < mostSpare) spare.push(buffer);
      buffer = none;
      return taken;
    },
  };
};
