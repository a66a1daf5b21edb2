import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { Zip, ZipDeflate, ZipPassThrough, zipSync } from 'fflate';
import { streamedZip } from './streamed-zip.ts';

const noise = (length: number) => {
  let state = 7;
  return Buffer.from(
    Array.from({ length }, () => (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) >> 16),
  );
};

async function* inPieces(bytes: Uint8Array, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) {
    await Promise.resolve();
    yield Buffer.from(bytes.subarray(at, at + length));
  }
}

async function membersOf(zip: Uint8Array, length = 1000): Promise<Record<string, string>> {
  const members: Record<string, string> = {};
  for await (const { name, body } of streamedZip(inPieces(zip, length))) {
    const pieces: Buffer[] = [];
    for await (const piece of body()) pieces.push(piece);
    members[name.toString()] = Buffer.concat(pieces).toString('base64');
  }
  return members;
}

/** A ZIP whose lengths stand behind each member, as written by programs that stream. */
function describedZip(members: Record<string, Buffer>, Member: typeof ZipDeflate | typeof ZipPassThrough) {
  const pieces: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error !== null) throw error;
    pieces.push(piece);
  });
  for (const [name, bytes] of Object.entries(members)) {
    const member = new Member(name);
    zip.add(member);
    member.push(bytes, true);
  }
  zip.end();
  return Buffer.concat(pieces);
}

const members = {
  'a/b': noise(70_000),
  text: Buffer.from('hello '.repeat(50_000)),
  empty: Buffer.alloc(0),
  last: noise(3),
};
const expected = Object.fromEntries(
  Object.entries(members).map(([name, bytes]) => [name, bytes.toString('base64')]),
);

describe('streamedZip', () => {
  it.each([1, 7, 1000, 1_000_000])('gives what is in it, in pieces of %d bytes', async (length) => {
    const plain = Object.fromEntries(
      Object.entries(members).map(([name, bytes]) => [name, new Uint8Array(bytes)]),
    );
    expect(await membersOf(zipSync(plain), length)).toEqual(expected);
    expect(await membersOf(zipSync(plain, { level: 0 }), length)).toEqual(expected);
    expect(await membersOf(describedZip(members, ZipDeflate), length)).toEqual(expected);
  });

  it('passes over members that nobody reads', async () => {
    const names: string[] = [];
    for await (const { name } of streamedZip(inPieces(describedZip(members, ZipDeflate), 100)))
      names.push(name.toString());
    expect(names).toEqual(Object.keys(members));
  });

  it('says where a length is missing', async () => {
    await expect(membersOf(describedZip(members, ZipPassThrough))).rejects.toMatchObject({
      code: 'ARCHIVE_TOO_LARGE_TO_NEST',
    });
  });

  it('sees that a byte has changed, and that the end is missing', async () => {
    const zip = Buffer.from(zipSync({ a: new Uint8Array(noise(5000)) }, { level: 0 }));
    zip[2000] = (zip[2000] ?? 0) ^ 1;
    await expect(membersOf(zip)).rejects.toThrow('checksum');
    await expect(membersOf(zip.subarray(0, 3000))).rejects.toThrow('early');
    const packed = deflateRawSync(Buffer.from('hello '.repeat(1000)));
    const cut = Buffer.from(zipSync({ a: new Uint8Array(Buffer.from('hello '.repeat(1000))) }));
    await expect(membersOf(cut.subarray(0, 31 + packed.length / 2))).rejects.toThrow();
  });
});
