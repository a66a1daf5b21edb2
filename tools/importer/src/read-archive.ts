import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Failure, asFailure, permanentFailure } from '@orthanc-tools/failures';
import { type ArchiveBudget, type ArchiveKind, isArchive } from './archive-limits.ts';
import { type Content, wholeContent } from './content.ts';
import { keyOf } from './file-key.ts';
import { isSkipped } from './inspect-file.ts';
import { type Outcome, aside } from './outcome.ts';
import { recognize } from './recognize.ts';

/** One member of an archive. A content must be read, or left, before the next member is asked for, unless it is whole. */
export type Member = { readonly name: string } & (
  { readonly content: Content } | { readonly outcome: Outcome }
);

export type ArchiveSource =
  | { readonly kind: 'zip'; readonly fd: number }
  | { readonly kind: 'zip'; readonly bytes: Buffer }
  | { readonly kind: 'gzip'; readonly body: AsyncIterable<Buffer> };

interface Reading {
  readonly budget: ArchiveBudget;
  readonly skipExtensions: readonly string[];
  /** Of this archive within others; 0 for a file. */
  readonly depth: number;
}

/** A member as the archive tells it, not looked at yet. */
interface Entry {
  readonly name: string;
  readonly size: number;
  open(): Promise<AsyncIterable<Buffer>>;
}

const headBytes = 64 * 1024;
/** Larger members are streamed, smaller ones held (bytes). */
const largestHeld = 4 * 1024 * 1024;
/** A ZIP within an archive has to be held, as its list stands at its end (bytes). */
const largestNestedZip = 512 * 1024 * 1024;

/**
 * The members of an archive, and of those in it, without writing anything to disk: a path in it is a name, whatever it
 * looks like. Folders are left out. @throws permanent `ARCHIVE_DAMAGED`, `ARCHIVE_LIMIT`
 */
export async function* readArchive(
  source: ArchiveSource,
  settings: Omit<Reading, 'depth'> & { readonly depth?: number },
): AsyncGenerator<Member> {
  const reading: Reading = { depth: 0, ...settings };
  const entries = source.kind === 'zip' ? zipEntries(source) : gzipEntries(source.body, reading.budget);
  for (;;) {
    const next = await entries.next().catch((error: unknown) => {
      throw damaged(error);
    });
    if (next.done === true) return;
    reading.budget.countEntry();
    yield* lookAt(next.value, reading);
  }
}

function damaged(error: unknown): unknown {
  const isDefect = error instanceof TypeError || error instanceof ReferenceError;
  if (asFailure(error) !== undefined || isDefect) return error;
  // The messages of the libraries may hold names of members.
  return permanentFailure('ARCHIVE_DAMAGED', 'The archive, or a member of it, cannot be read.');
}

async function* lookAt(entry: Entry, reading: Reading): AsyncGenerator<Member> {
  const { name, size } = entry;
  if (isSkipped(name, reading.skipExtensions)) {
    const why = ['EXTENSION_SKIPPED', 'Its name ends as --skip-extensions says.'] as const;
    yield { name, outcome: aside('skipped', size, why) };
    return;
  }
  try {
    const pieces = counted(await entry.open(), reading.budget);
    yield* memberIn(entry, pieces, reading);
  } catch (error) {
    const failure = asFailure(damaged(error));
    if (failure === undefined || failure.code === 'ARCHIVE_LIMIT') throw error;
    yield { name, outcome: refused(size, failure) };
  }
}

const refused = (size: number, failure: Failure): Outcome => ({ status: 'refused', size, failure });

async function* memberIn(
  { name, size }: Entry,
  pieces: AsyncGenerator<Buffer>,
  reading: Reading,
): AsyncGenerator<Member> {
  const head = await readUpTo(pieces, headBytes);
  if (head.length === 0) {
    yield { name, outcome: aside('not-dicom', 0, ['EMPTY', 'The file is empty.']) };
    return;
  }
  const kind = recognize(head);
  if (isArchive(kind)) yield* nested(kind, name, chain(head, pieces), reading);
  else if (kind === 'dicom') yield { name, content: await contentOf(head, pieces, size) };
  else {
    const why: readonly [string, string] =
      kind === 'dicomdir'
        ? ['DICOMDIR', 'A DICOMDIR lists images and is none.']
        : kind === 'pdf'
          ? ['PDF', 'A PDF.']
          : ['NOT_DICOM', 'The content is not DICOM.'];
    await pieces.return(undefined);
    yield { name, outcome: aside('not-dicom', size, why) };
  }
}

async function contentOf(head: Buffer, pieces: AsyncGenerator<Buffer>, size: number): Promise<Content> {
  if (size > largestHeld) return { head, isWhole: false, size, body: () => chain(head, pieces) };
  const bytes = [head];
  for await (const piece of pieces) bytes.push(piece);
  return wholeContent(Buffer.concat(bytes));
}

async function* nested(
  kind: ArchiveKind,
  name: string,
  body: AsyncGenerator<Buffer>,
  reading: Reading,
): AsyncGenerator<Member> {
  if (reading.depth >= reading.budget.nesting) {
    const message = 'An archive within an archive, deeper than --max-archive-nesting allows.';
    yield { name, outcome: refused(0, permanentFailure('ARCHIVE_NESTED_TOO_DEEP', message)) };
    return;
  }
  const source: ArchiveSource = kind === 'gzip' ? { kind, body } : { kind, bytes: await hold(body) };
  for await (const member of readArchive(source, { ...reading, depth: reading.depth + 1 }))
    yield { ...member, name: `${name}!${member.name}` };
}

async function hold(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > largestNestedZip)
      throw permanentFailure('ARCHIVE_TOO_LARGE_TO_NEST', 'A ZIP within an archive is larger than 512 MB.');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function* zipEntries(source: Extract<ArchiveSource, { kind: 'zip' }>): AsyncGenerator<Entry> {
  const { default: yauzl } = await import('yauzl');
  // Names are taken as bytes: they are never used as paths.
  const settings = { lazyEntries: true, decodeStrings: false, autoClose: false } as const;
  const zip =
    'fd' in source
      ? await yauzl.fromFdPromise(source.fd, settings)
      : await yauzl.fromBufferPromise(source.bytes, settings);
  for await (const entry of zip.eachEntry()) {
    const name = keyOf(entry.fileNameRaw);
    if (name.endsWith('/')) continue;
    yield {
      name,
      size: entry.uncompressedSize,
      open: async () => {
        if (entry.isEncrypted())
          throw permanentFailure('MEMBER_ENCRYPTED', 'The member of the archive is encrypted.');
        return (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>;
      },
    };
  }
}

const tarMagicAt = 257;

/** A compressed tar, or one compressed file. */
async function* gzipEntries(body: AsyncIterable<Buffer>, budget: ArchiveBudget): AsyncGenerator<Entry> {
  const inflated = Readable.from(body).compose(createGunzip()) as AsyncIterable<Buffer>;
  const pieces = counted(inflated, budget);
  const head = await readUpTo(pieces, headBytes);
  if (head.toString('latin1', tarMagicAt, tarMagicAt + 5) === 'ustar') {
    yield* tarEntries(chain(head, pieces));
    return;
  }
  const whole = await hold(chain(head, pieces));
  yield { name: 'content', size: whole.length, open: () => Promise.resolve(wholeContent(whole).body()) };
}

async function* tarEntries(body: AsyncIterable<Buffer>): AsyncGenerator<Entry> {
  const { extract } = await import('tar-stream');
  const tar = extract();
  Readable.from(body)
    .on('error', (error) => tar.destroy(error))
    .pipe(tar);
  for await (const entry of tar) {
    const { name, type, size = 0 } = entry.header;
    const bytes = Buffer.from(name);
    if (type === 'file' || type === 'contiguous-file')
      yield { name: keyOf(bytes), size, open: () => Promise.resolve(entry as AsyncIterable<Buffer>) };
    entry.resume();
  }
}

async function* counted(body: AsyncIterable<Buffer>, budget: ArchiveBudget): AsyncGenerator<Buffer> {
  for await (const piece of body) {
    budget.countBytes(piece.length);
    yield piece;
  }
}

async function readUpTo(pieces: AsyncGenerator<Buffer>, least: number): Promise<Buffer> {
  const read: Buffer[] = [];
  for (let length = 0; length < least;) {
    const next = await pieces.next();
    if (next.done === true) break;
    read.push(next.value);
    length += next.value.length;
  }
  return Buffer.concat(read);
}

async function* chain(head: Buffer, pieces: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* pieces;
}
