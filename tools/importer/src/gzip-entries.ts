import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Header } from 'tar-stream';
import { type ArchiveEntry, unknownKind } from './archive-entry.ts';
import type { ArchiveBudget } from './archive-limits.ts';
import { keyOf } from './file-key.ts';
import { chain, readUpTo, resumable } from './pieces.ts';

const tarMagicAt = 257;
const tarHeaderBytes = 512;

/** A compressed tar, or one compressed file. @throws an Error when it is damaged */
export async function* gzipEntries(
  body: AsyncIterable<Buffer>,
  budget: ArchiveBudget,
): AsyncGenerator<ArchiveEntry> {
  const inflated = Readable.from(body).compose(createGunzip()) as AsyncIterable<Buffer>;
  const pieces = budget.counting(inflated);
  const head = await readUpTo(pieces, tarHeaderBytes);
  const whole = chain(head, pieces);
  if (head.toString('latin1', tarMagicAt, tarMagicAt + 5) === 'ustar') yield* tarEntries(whole);
  else yield { name: 'content', size: undefined, open: () => Promise.resolve(whole) };
}

async function* tarEntries(body: AsyncIterable<Buffer>): AsyncGenerator<ArchiveEntry> {
  // Bundled, it has no other export than this one.
  const { default: tarStream } = await import('tar-stream');
  const tar = tarStream.extract();
  Readable.from(body)
    .on('error', (error) => tar.destroy(error))
    .pipe(tar);
  for await (const entry of tar) {
    if (entry.header.type === 'directory') {
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
