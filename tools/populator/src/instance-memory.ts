/** Memory that goes round: what is not given back is left to the garbage collector. */
export interface InstanceMemory {
  /** So many bytes, whatever stands in them. */
  readonly allocate: (bytes: number) => Buffer;
  /** Whoever has the bytes must be done with them. */
  release(bytes: Buffer): void;
}

// Small instances are cheaper where Node puts them; the others are given in sizes that the next series can use as well.
const smallest = 64 * 1024;

/**
 * Fresh memory for every large image, a thousand times a second, keeps the garbage collector busier than all else.
 * @param kept how many pieces may lie idle
 */
export function instanceMemory(kept: number): InstanceMemory {
  const idle: Buffer[] = [];
  return {
    allocate(bytes) {
      if (bytes < smallest) return Buffer.allocUnsafe(bytes);
      const size = Math.ceil(bytes / smallest) * smallest;
      const at = idle.findIndex(({ length }) => length === size);
      const piece = at === -1 ? Buffer.allocUnsafeSlow(size) : idle.splice(at, 1)[0];
      return (piece ?? Buffer.allocUnsafeSlow(size)).subarray(0, bytes);
    },
    release({ buffer, byteOffset, length }) {
      const isOurs = length >= smallest && byteOffset === 0 && buffer.byteLength % smallest === 0;
      if (!isOurs) return;
      idle.push(Buffer.from(buffer));
      if (idle.length > kept) idle.shift();
    },
  };
}
