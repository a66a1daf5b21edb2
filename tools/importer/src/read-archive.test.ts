import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { zipSync } from 'fflate';
import { pack } from 'tar-stream';
import { type ArchiveLimits, archiveBudget } from './archive-limits.ts';
import { holdingRoom } from './holding-room.ts';
import { noteOf } from './outcome.ts';
import { type ArchiveSource, readArchive } from './read-archive.ts';

const noise = (length: number) => {
  let state = 7;
  return Buffer.from(
    Array.from({ length }, () => (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) >> 16),
  );
};

/** Looks like an image by its beginning. */
const image = (length: number) => {
  const bytes = noise(length);
  bytes.write('DICM', 128, 'latin1');
  return bytes;
};

async function tarOf(members: readonly (readonly [object, Buffer?])[]): Promise<Buffer> {
  const tar = pack();
  for (const [header, bytes] of members) tar.entry(header as { name: string }, bytes ?? Buffer.alloc(0));
  tar.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of tar) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** Makes an entry one of the type `S`, as GNU tar writes files with holes. */
function asGnuSparse(tar: Buffer, name: string): void {
  const at = tar.indexOf(`${name}\0`);
  tar.write('S', at + 156, 'latin1');
  writeSum(tar, at);
}

/** Takes away from each header what `tar --format=v7` does not write. */
function asV7(tar: Buffer): Buffer {
  for (let at = 0; tar[at] !== 0;) {
    if (tar.toString('latin1', at + 156, at + 157) === '5') tar[at + 156] = 0;
    tar.fill(0, at + 257, at + 512);
    writeSum(tar, at);
    at += 512 + Math.ceil(Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8) / 512) * 512;
  }
  return tar;
}

function writeSum(tar: Buffer, at: number): void {
  tar.fill(' ', at + 148, at + 156);
  const sum = tar.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 10_000) {
    await Promise.resolve();
    yield Buffer.from(bytes.subarray(at, at + 10_000));
  }
}

const gzip = (bytes: Buffer): ArchiveSource => ({ kind: 'gzip', body: inPieces(gzipSync(bytes)) });

interface Look extends Partial<ArchiveLimits> {
  readonly room?: number;
  readonly mostPieces?: number;
  readonly archiveBytes?: number;
}

/** What became of each member, by name; a content is read for at most so many pieces. */
async function lookAt(
  source: ArchiveSource,
  { room = 1e9, mostPieces = Infinity, archiveBytes = 1e6, ...given } = {} as Look,
): Promise<Record<string, string>> {
  const limits = { entries: 1000, bytes: 1e9, ratio: 1000, nesting: 3, ...given };
  const budget = archiveBudget(limits, archiveBytes);
  const settings = { budget, skipExtensions: [], room: holdingRoom(room) };
  const seen: Record<string, string> = {};
  for await (const member of readArchive(source, settings)) {
    if ('outcome' in member) {
      seen[member.name] = noteOf(member.outcome).code ?? '';
      continue;
    }
    let [pieces, length] = [0, 0];
    for await (const piece of member.content.body()) {
      if ((pieces += 1) > mostPieces) break;
      length += piece.length;
    }
    seen[member.name] = mostPieces === Infinity ? String(length) : 'begun';
  }
  return seen;
}

/** A ZIP that is read as it comes, for want of room to hold it. */
const withoutRoom = { room: 0 };
const nested = async (zip: Uint8Array) => gzip(await tarOf([[{ name: 'z' }, Buffer.from(zip)]]));

describe('readArchive', () => {
  it('goes on behind a large member that is no image', async () => {
    const junk = noise(300_000);
    const after = image(5000);
    const tar = await tarOf([
      [{ name: 'junk' }, junk],
      [{ name: 'after' }, after],
    ]);
    expect(await lookAt(gzip(tar))).toEqual({ junk: 'NOT_DICOM', after: '5000' });
    const zip = zipSync({ junk: new Uint8Array(junk), after: new Uint8Array(after) });
    expect(await lookAt(await nested(zip), withoutRoom)).toEqual({
      'z!junk': 'NOT_DICOM',
      'z!after': '5000',
    });
  });

  it('goes on behind a large image of which only a part was read', async () => {
    const large = image(4_300_000);
    const after = image(4_400_000);
    const tar = await tarOf([
      [{ name: 'large' }, large],
      [{ name: 'after' }, after],
    ]);
    expect(await lookAt(gzip(tar), { mostPieces: 2 })).toEqual({ large: 'begun', after: 'begun' });
    const zip = zipSync({ large: new Uint8Array(large), after: new Uint8Array(after) });
    expect(await lookAt(await nested(zip), { ...withoutRoom, mostPieces: 2 })).toEqual({
      'z!large': 'begun',
      'z!after': 'begun',
    });
  });

  it('names what is wrong with a large image to whoever reads it', async () => {
    const zip = Buffer.from(zipSync({ large: new Uint8Array(image(5_000_000)) }));
    // Behind all that is read of it for its identifiers.
    const behind = Math.floor(zip.length * 0.95);
    zip[behind] = (zip[behind] ?? 0) ^ 1;
    const permanent = { kind: 'permanent', code: 'ARCHIVE_DAMAGED' };
    await expect(lookAt({ kind: 'zip', bytes: zip })).rejects.toMatchObject(permanent);
    await expect(lookAt(await nested(zip), withoutRoom)).rejects.toMatchObject(permanent);
  });

  it('takes no disk that fails for a damaged archive', async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield gzipSync(noise(100_000)).subarray(0, 50_000);
      throw await Promise.resolve(Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'read' }));
    }
    await expect(lookAt({ kind: 'gzip', body: failing() })).rejects.toMatchObject({
      kind: 'transient',
      code: 'FILE_NOT_READ',
    });
  });

  it('lists what a tar holds beside files, and calls nothing read that it cannot read', async () => {
    const tar = await tarOf([
      [{ name: 'folder', type: 'directory' }],
      [{ name: 'link', type: 'symlink', linkname: 'a' }],
      [{ name: 'sparse' }, image(2000)],
      [{ name: 'pax', pax: { 'GNU.sparse.major': '1' } }, image(2000)],
      [{ name: 'after' }, image(2000)],
    ]);
    asGnuSparse(tar, 'sparse');
    expect(await lookAt(gzip(tar))).toEqual({
      link: 'NOT_A_FILE',
      sparse: 'MEMBER_UNREADABLE',
      pax: 'MEMBER_UNREADABLE',
      after: '2000',
    });
  });

  it('reads a tar without the word that older writers left out, and takes no other file for one', async () => {
    const tar = asV7(
      await tarOf([
        [{ name: 'a/', type: 'directory' }],
        [{ name: 'a/b' }, image(2000)],
        [{ name: 'c' }, image(3000)],
      ]),
    );
    expect(await lookAt(gzip(tar))).toEqual({ 'a/b': '2000', c: '3000' });
    tar.write('x', 0, 'latin1');
    expect(await lookAt(gzip(tar))).toEqual({ content: 'NOT_DICOM' });
    expect(await lookAt(gzip(Buffer.alloc(2000)))).toEqual({ content: 'NOT_DICOM' });
    expect(await lookAt(gzip(image(2000)))).toEqual({ content: '2000' });
  });

  it('counts each byte of a compressed tar once', async () => {
    const tar = await tarOf([[{ name: 'a' }, image(300_000)]]);
    expect(await lookAt(gzip(tar), { bytes: 400_000 })).toEqual({ a: '300000' });
    await expect(lookAt(gzip(tar), { bytes: 250_000 })).rejects.toMatchObject({ code: 'ARCHIVE_LIMIT' });
    const single = gzip(image(300_000));
    expect(await lookAt(single, { bytes: 400_000 })).toEqual({ content: '300000' });
  });

  it.each([
    [{ entries: 1 }, '--max-archive-entries (MAX_ARCHIVE_ENTRIES)'],
    [{ bytes: 1000 }, '--max-archive-megabytes (MAX_ARCHIVE_MEGABYTES)'],
    [{ ratio: 2, archiveBytes: 1e6 }, '--max-archive-ratio (MAX_ARCHIVE_RATIO)'],
  ])('names the option by which the limit %j is raised', async (look, name) => {
    const large = Buffer.alloc(70_000_000);
    large.write('DICM', 128, 'latin1');
    const two = zipSync({ a: new Uint8Array(image(2000)), b: new Uint8Array(large) });
    await expect(lookAt({ kind: 'zip', bytes: Buffer.from(two) }, look)).rejects.toMatchObject({
      code: 'ARCHIVE_LIMIT',
      message: expect.stringContaining(name),
    });
  });

  it('takes for a folder only what has no content', async () => {
    const zip = zipSync({ 'a/': new Uint8Array(), 'b/': new Uint8Array(image(2000)) });
    expect(await lookAt({ kind: 'zip', bytes: Buffer.from(zip) })).toEqual({ 'b/': '2000' });
    expect(await lookAt(await nested(zip), withoutRoom)).toEqual({ 'z!b/': '2000' });
  });
});
