/** The memory of one body: an answer, or a file. */
export interface Room {
  /** As long as the body. */
  readonly bytes: Buffer;
  /**
   * Lends the memory to another body. To be called once, when nobody will look at the bytes again, and they are not on
   * their way to anybody; whoever is not sure leaves it to the garbage collector.
   */
  readonly release: () => void;
}

export interface LentMemory {
  take(length: number): Room;
}

/** Rooms are made in these steps (bytes), so that one may serve bodies of about the same size. */
const step = 128 * 1024;
/** Larger ones are never kept. */
const largestKept = 8 * 1024 * 1024;
/** Kept in all, at most. */
const mostKept = 16 * 1024 * 1024;

/**
 * Uses memory again. Each fresh buffer counts for the garbage collector, which otherwise looks through the whole heap
 * after every few dozen images: a third of all CPU time of a copy.
 */
export function openLentMemory(): LentMemory {
  const free = new Map<number, ArrayBuffer[]>();
  let kept = 0;
  const give = (memory: ArrayBuffer) => {
    const size = memory.byteLength;
    if (size > largestKept || kept + size > mostKept) return;
    kept += size;
    const same = free.get(size);
    if (same === undefined) free.set(size, [memory]);
    else same.push(memory);
  };
  return {
    take(length) {
      const size = Math.ceil(Math.max(length, 1) / step) * step;
      const known = free.get(size)?.pop();
      if (known !== undefined) kept -= size;
      const memory = known ?? Buffer.allocUnsafeSlow(size).buffer;
      let isLent = true;
      return {
        bytes: Buffer.from(memory, 0, length),
        release() {
          if (isLent) give(memory);
          isLent = false;
        },
      };
    },
  };
}
