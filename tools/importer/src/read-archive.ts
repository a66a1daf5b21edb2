import { type Failure, asFailure, permanentFailure } from '@orthanc-tools/failures';
import type { ArchiveEntry } from './archive-entry.ts';
import { type ArchiveBudget, type ArchiveKind, isArchive, raisedBy } from './archive-limits.ts';
import { type Content, contentOf } from './content.ts';
import { folderOf } from './file-key.ts';
import { gzipEntries } from './gzip-entries.ts';
import type { HoldingRoom } from './holding-room.ts';
import { identifyStreamed } from './identify-streamed.ts';
import { isSkipped, junk, noFile } from './inspect-file.ts';
import { type OpenedFile, unreadable } from './open-file.ts';
import { type Outcome, aside } from './outcome.ts';
import { chain, readUpTo } from './pieces.ts';
import { recognize } from './recognize.ts';
import { type ZipSource, streamedZipEntries, zipEntries } from './zip-entries.ts';

/** One member of an archive. A content must be read, or left, before the next member is asked for, unless it is whole. */
export type Member = {
  readonly name: string;
  /** In which folder of which archive it lies: the same for those that lie together, otherwise without a meaning. */
  readonly folder: string;
} & ({ readonly content: Content } | { readonly outcome: Outcome; readonly pdf?: Content });

export type ArchiveSource = ({ readonly kind: 'zip' } & ZipSource) | StreamedSource;

interface StreamedSource {
  readonly kind: ArchiveKind;
  readonly body: AsyncIterable<Buffer>;
}

/** A file that is an archive. */
export function sourceIn({ fd, head, body }: OpenedFile, kind: ArchiveKind): ArchiveSource {
  if (kind === 'gzip') return { kind, body: body() };
  return fd === undefined ? { kind, bytes: head } : { kind, fd };
}

export interface ArchiveReading {
  readonly budget: ArchiveBudget;
  readonly skipExtensions: readonly string[];
  readonly room: HoldingRoom;
  /** Gives the contents of PDFs too. */
  readonly readsPdfs?: boolean;
}

interface Reading extends ArchiveReading {
  /** Of this archive within others; 0 for a file. */
  readonly depth: number;
}

const headBytes = 64 * 1024;

/**
 * The members of an archive, and of those in it, without writing anything to disk: a path in it is a name, whatever it
 * looks like. Folders are left out. @throws permanent `ARCHIVE_DAMAGED`, `ARCHIVE_LIMIT`
 */
export async function* readArchive(source: ArchiveSource, settings: ArchiveReading): AsyncGenerator<Member> {
  yield* readAt(source, { ...settings, depth: 0 });
}

async function* readAt(source: ArchiveSource, reading: Reading): AsyncGenerator<Member> {
  const entries = entriesIn(source, reading.budget);
  for (;;) {
    const next = await entries.next().catch((error: unknown) => {
      throw damaged(error);
    });
    if (next.done === true) return;
    reading.budget.countEntry();
    yield* lookAt(next.value, reading);
  }
}

function entriesIn(source: ArchiveSource, budget: ArchiveBudget): AsyncGenerator<ArchiveEntry> {
  if (!('body' in source)) return counted(zipEntries(source), budget);
  // Of a compressed tar all that is inflated counts, whoever reads it: its members are a part of that.
  return source.kind === 'zip'
    ? counted(streamedZipEntries(source.body), budget)
    : gzipEntries(source.body, budget);
}

async function* counted(
  entries: AsyncGenerator<ArchiveEntry>,
  budget: ArchiveBudget,
): AsyncGenerator<ArchiveEntry> {
  for await (const entry of entries)
    yield { ...entry, open: async () => budget.counting(await entry.open()) };
}

const placeOf = (name: string) => ({ name, folder: folderOf(name) });

function damaged(error: unknown): unknown {
  const isDefect = error instanceof TypeError || error instanceof ReferenceError;
  if (asFailure(error) !== undefined || isDefect) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  // The archive may be sound: its disk failed.
  if (code !== undefined && syscall !== undefined) return unreadable(code);
  // The messages of the libraries may hold names of members.
  return permanentFailure('ARCHIVE_DAMAGED', 'The archive, or a member of it, cannot be read.');
}

async function* lookAt(entry: ArchiveEntry, reading: Reading): AsyncGenerator<Member> {
  const { name, size = 0 } = entry;
  if (isSkipped(name, reading.skipExtensions)) {
    const why = ['EXTENSION_SKIPPED', 'Its name ends as --skip-extensions says.'] as const;
    yield { ...placeOf(name), outcome: aside('skipped', size, why) };
    return;
  }
  if (entry.isNoFile) {
    yield { ...placeOf(name), outcome: aside('skipped', 0, noFile) };
    return;
  }
  try {
    const pieces = named(await entry.open());
    yield* memberIn(entry, pieces, reading);
  } catch (error) {
    const failure = asFailure(damaged(error));
    if (failure === undefined || failure.code === 'ARCHIVE_LIMIT') throw error;
    yield { ...placeOf(name), outcome: refused(size, failure) };
  }
}

/** Whoever reads them gets a failure, whatever is wrong. */
async function* named(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* pieces;
  } catch (error) {
    throw damaged(error);
  }
}

const refused = (size: number, failure: Failure): Outcome => ({ status: 'refused', size, failure });

async function* memberIn(
  { name, size }: ArchiveEntry,
  pieces: AsyncGenerator<Buffer>,
  reading: Reading,
): AsyncGenerator<Member> {
  const head = await readUpTo(pieces, headBytes);
  const kind = recognize(head);
  if (head.length === 0)
    yield { ...placeOf(name), outcome: aside('not-dicom', 0, ['EMPTY', 'The file is empty.']) };
  else if (isArchive(kind)) yield* nested({ kind, body: chain(head, pieces) }, name, reading);
  else if (kind === 'dicom')
    yield { ...placeOf(name), content: await identifyStreamed(await contentOf(head, pieces, size)) };
  else if (kind === 'pdf' && reading.readsPdfs === true) {
    const pdf = await contentOf(head, pieces, size);
    yield { ...placeOf(name), outcome: aside('not-dicom', pdf.size, ['PDF', 'A PDF.']), pdf };
  } else {
    const read = head.length + (size === undefined ? await lengthOf(pieces) : 0);
    await pieces.return(undefined);
    yield {
      ...placeOf(name),
      outcome: aside('not-dicom', size ?? read, kind === 'pdf' ? ['PDF', 'A PDF.'] : junk[kind]),
    };
  }
}

async function lengthOf(pieces: AsyncIterable<Buffer>): Promise<number> {
  let length = 0;
  for await (const piece of pieces) length += piece.length;
  return length;
}

async function* nested(source: StreamedSource, name: string, reading: Reading): AsyncGenerator<Member> {
  if (reading.depth >= reading.budget.nesting) {
    const message = `An archive within archives, deeper than is read. ${raisedBy('maxArchiveNesting')}`;
    yield { ...placeOf(name), outcome: refused(0, permanentFailure('ARCHIVE_NESTED_TOO_DEEP', message)) };
    return;
  }
  const held = source.kind === 'gzip' ? undefined : await hold(source.body, reading.room);
  try {
    for await (const member of readAt(held?.source ?? source, { ...reading, depth: reading.depth + 1 }))
      yield { ...member, name: `${name}!${member.name}`, folder: `${name}\0${member.folder}` };
  } finally {
    reading.room.giveBack(held?.length ?? 0);
  }
}

/** The list of a ZIP stands at its end: it is held where there is room for it, and otherwise read as it comes. */
async function hold(
  body: AsyncIterable<Buffer>,
  room: HoldingRoom,
): Promise<{ readonly source: ArchiveSource; readonly length: number }> {
  const held: Buffer[] = [];
  let length = 0;
  const pieces = body[Symbol.asyncIterator]();
  const rest = { [Symbol.asyncIterator]: () => pieces };
  try {
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
      held.push(next.value);
      if (!room.take(next.value.length)) return { source: { kind: 'zip', body: chain(held, rest) }, length };
      length += next.value.length;
    }
  } catch (error) {
    room.giveBack(length);
    throw error;
  }
  return { source: { kind: 'zip', bytes: Buffer.concat(held) }, length };
}
