import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ArchiveEntry } from './archive-entry.ts';
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
    const { name, type, size = 0 } = entry.header;
    const bytes = Buffer.from(name);
    // An entry that is broken off would take the whole tar with it.
    const pieces = resumable(entry as AsyncIterable<Buffer>);
    if (type === 'directory') {
      entry.resume();
      continue;
    }
    if (type === 'file' || type === 'contiguous-file')
      yield { name: keyOf(bytes), size, open: () => Promise.resolve(pieces) };
    for await (const piece of pieces) void piece;
  }
}
