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

interface RleShape {
  readonly columns: number;
  readonly bytesPerPixel: 1 | 2;
}

const packSegment = (frame: Uint8Array, { columns, bytesPerPixel }: RleShape, byte: number): Buffer => {
  const packed: number[] = [];
  const row = new Uint8Array(columns);
  for (let start = 0; start < frame.length; start += columns * bytesPerPixel) {
    for (let column = 0; column < columns; column += 1)
      row[column] = frame[start + column * bytesPerPixel + byte] ?? 0;
    packRow(row, packed);
  }
  if (packed.length % 2 === 1) packed.push(0);
  return Buffer.from(packed);
};

/** A frame as RLE Lossless: a header of 64 bytes, then the bytes of all pixels, the high ones (of two) before the low ones. */
export const encodeRle = (frame: Uint8Array, shape: RleShape): Buffer => {
  const segments = shape.bytesPerPixel === 1 ? [0] : [1, 0];
  const packed = segments.map((byte) => packSegment(frame, shape, byte));
  const header = Buffer.alloc(64);
  header.writeUInt32LE(packed.length, 0);
  let offset = header.length;
  packed.forEach((segment, at) => {
    header.writeUInt32LE(offset, 4 + at * 4);
    offset += segment.length;
  });
  return Buffer.concat([header, ...packed]);
};
