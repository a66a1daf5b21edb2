import { crc32 } from 'node:zlib';

const [localHeader, centralHeader, endOfList] = [30, 46, 22];
const thisVersion = 20;

/** The body of one uncompressed ZIP (APPNOTE 4.3), without copying the files into it. */
export function zipPieces(files: readonly Uint8Array[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const [index, file] of files.entries()) {
    const name = Buffer.from(String(index));
    const fields = fieldsOf(file, name);
    const local = Buffer.concat([signature(0x04034b50), fields, name]);
    const central = Buffer.alloc(centralHeader - 4 - 2 - fields.length);
    central.writeUInt32LE(at, central.length - 4);
    list.push(Buffer.concat([signature(0x02014b50), Buffer.from([thisVersion, 0]), fields, central, name]));
    pieces.push(local, file);
    at += localHeader + name.length + file.length;
  }
  const end = Buffer.alloc(endOfList);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(
    list.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(at, 16);
  return [...pieces, ...list, end];
}

const signature = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** What both headers of a member have in common: from the version needed to the length of the extra field. */
function fieldsOf(file: Uint8Array, name: Buffer): Buffer {
  const fields = Buffer.alloc(localHeader - 4);
  fields.writeUInt16LE(thisVersion, 0);
  fields.writeUInt32LE(crc32(file), 10);
  fields.writeUInt32LE(file.length, 14);
  fields.writeUInt32LE(file.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}
