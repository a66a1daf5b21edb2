/** So many beginnings does the noise have; two instances seldom share one. */
const beginnings = 1 << 15;

/**
 * Fills a buffer with little-endian 16-bit pixels of pure noise: drawn once, then copied from another place each time.
 * The same size and position give the same bytes everywhere.
 */
export const noiseSource = ({
  bytes,
  bitsStored,
}: {
  readonly bytes: number;
  readonly bitsStored: number;
}): ((target: Buffer, position: number) => void) => {
  const mask = 2 ** bitsStored - 1;
  const noise = Buffer.allocUnsafe(bytes + beginnings * 2);
  let state = 0x2545f491;
  for (let at = 0; at < noise.length; at += 2) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    noise.writeUInt16LE((state >>> 8) & mask, at);
  }
  return (target, position) => {
    const start = (position % beginnings) * 2;
    noise.copy(target, 0, start, start + bytes);
  };
};
