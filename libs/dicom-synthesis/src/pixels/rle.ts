/** One row of bytes as PackBits (PS3.5 G.3.1): runs and literal stretches of at most 128 bytes. */
const packRow = (row: Uint8Array, packed: number[]): void => {
  let at = 0;
  while (at < row.length) {
    let run = 1;
    while (run < 128 && at + run < row.length && row[at + run] === row[at]) run += 1;
    if (run > 1) {
      packed.push(257 - run, row[at] ?? 0);
      at += run;
      continue;
    }
    let end = at + 1;
    while (end < row.length && end - at < 128 && row[end] !== row[end + 1]) end += 1;
    packed.push(end - at - 1);
    for (; at < end; at += 1) packed.push(row[at] ?? 0);
  }
};

const packSegment = (frame: Uint8Array, columns: number, byte: 0 | 1): Buffer => {
  const packed: number[] = [];
  const row = new Uint8Array(columns);
  for (let start = 0; start < frame.length; start += columns * 2) {
    for (let column = 0; column < columns; column += 1) row[column] = frame[start + column * 2 + byte] ?? 0;
    packRow(row, packed);
  }
  if (packed.length % 2 === 1) packed.push(0);
  return Buffer.from(packed);
};

/** A frame of little-endian 16-bit pixels as RLE Lossless: a header of 64 bytes, the high bytes, the low bytes. */
export const encodeRle = (frame: Uint8Array, columns: number): Buffer => {
  const high = packSegment(frame, columns, 1);
  const low = packSegment(frame, columns, 0);
  const header = Buffer.alloc(64);
  header.writeUInt32LE(2, 0);
  header.writeUInt32LE(64, 4);
  header.writeUInt32LE(64 + high.length, 8);
  return Buffer.concat([header, high, low]);
};
