import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Header } from 'tar-stream';
import { type ArchiveEntry, isFolder, unknownKind } from './archive-entry.ts';
import type { ArchiveBudget } from './archive-limits.ts';
import { keyOf } from './file-key.ts';
import { chain, readUpTo, resumable } from './pieces.ts';

const tarHeaderBytes = 512;
/** Where a header of a tar has a word that older writers left out, and the sum of its bytes. */
const magicAt = 257;
const sumAt = 148;
const sumEnds = 156;

/** A compressed tar, or one compressed file. @throws an Error when it is damaged */
export async function* gzipEntries(
  body: AsyncIterable<Buffer>,
  budget: ArchiveBudget,
): AsyncGenerator<ArchiveEntry> {
  const inflated = Readable.from(body).compose(createGunzip()) as AsyncIterable<Buffer>;
  const pieces = budget.counting(inflated);
  const head = await readUpTo(pieces, tarHeaderBytes);
  const whole = chain(head, pieces);
  if (isTarHeader(head.subarray(0, tarHeaderBytes))) yield* tarEntries(whole);
  else yield { name: 'content', size: undefined, open: () => Promise.resolve(whole) };
}

const isTarHeader = (header: Buffer): boolean =>
  header.toString('latin1', magicAt, magicAt + 5) === 'ustar' || hasTarSum(header);

/** Written in octal; while the sum is taken, blanks stand in its place. */
function hasTarSum(header: Buffer): boolean {
  const [written] = /^ *[0-7]+(?=[ \0]*$)/.exec(header.toString('latin1', sumAt, sumEnds)) ?? [];
  if (written === undefined || header.length < tarHeaderBytes) return false;
  const sum = header.reduce((total, byte, at) => total + (at < sumAt || at >= sumEnds ? byte : 0x20), 0);
  return Number.parseInt(written, 8) === sum;
}

/** The sum of each header is checked all the same. */
const alsoOldOnes: object = { allowUnknownFormat: true };

async function* tarEntries(body: AsyncIterable<Buffer>): AsyncGenerator<ArchiveEntry> {
  // Bundled, it has no other export than this one.
  const { default: tarStream } = await import('tar-stream');
  const tar = tarStream.extract(alsoOldOnes);
  Readable.from(body)
    .on('error', (error) => tar.destroy(error))
    .pipe(tar);
  for await (const entry of tar) {
    // Of old ones only the name tells.
    const { name, type, size } = entry.header;
    if (type === 'directory' || isFolder(name, size)) {
      entry.resume();
      continue;
    }
    // An entry that is broken off would take the whole tar with it.
    const pieces = resumable(entry as AsyncIterable<Buffer>);
    yield tarEntry(entry.header, pieces);
    for await (const piece of pieces) void piece;
  }
}

const withoutContent = new Set(['link', 'symlink', 'character-device', 'block-device', 'fifo']);

function tarEntry({ name, type, size = 0, pax }: Header, pieces: AsyncIterable<Buffer>): ArchiveEntry {
  const entry = { name: keyOf(Buffer.from(name)), size };
  if (withoutContent.has(type ?? ''))
    return { ...entry, isNoFile: true, open: () => Promise.resolve(pieces) };
  // Of a file with holes its map comes first, and the holes are left out.
  const isSparse = Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse'));
  const isFile = (type === 'file' || type === 'contiguous-file') && !isSparse;
  return { ...entry, open: () => (isFile ? Promise.resolve(pieces) : Promise.reject(unknownKind())) };
}
