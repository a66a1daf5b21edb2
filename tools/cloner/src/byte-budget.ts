interface Waiting {
  readonly bytes: number;
  admit(): void;
}

/** Bounds the bytes of images that are in memory at one time, whoever holds them. */
export interface ByteBudget {
  /** Whether `take` would have to wait. */
  isShort(bytes: number): boolean;
  /** Waits, in the order of asking, until the bytes fit. More than the whole budget is let in alone. */
  take(bytes: number): Promise<void>;
  give(bytes: number): void;
}

export function byteBudget(total: number): ByteBudget {
  let used = 0;
  const queue: Waiting[] = [];
  const fits = (bytes: number) => used === 0 || used + bytes <= total;

  return {
    isShort: (bytes) => queue.length > 0 || !fits(bytes),
    take(bytes) {
      if (queue.length === 0 && fits(bytes)) {
        used += bytes;
        return Promise.resolve();
      }
      return new Promise((resolve) => queue.push({ bytes, admit: resolve }));
    },
    give(bytes) {
      used -= bytes;
      for (let next = queue[0]; next !== undefined && fits(next.bytes); next = queue[0]) {
        queue.shift();
        used += next.bytes;
        next.admit();
      }
    },
  };
}
