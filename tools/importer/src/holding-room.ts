/** Memory for what has to be held, over everything that runs at once (bytes). */
export interface HoldingRoom {
  /** Whether there was so much left, which is taken then. */
  take(length: number): boolean;
  giveBack(length: number): void;
}

export function holdingRoom(bytes: number): HoldingRoom {
  let left = bytes;
  return {
    take(length) {
      if (length > left) return false;
      left -= length;
      return true;
    },
    giveBack(length) {
      left += length;
    },
  };
}
