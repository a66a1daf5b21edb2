import type { Stats } from 'node:fs';
import { type Failure, permanentFailure, transientFailure } from '@orthanc-tools/failures';
import { openLentMemory } from '@orthanc-tools/orthanc-client';
import { type Content, largestHeld, wholeContent } from './content.ts';
import type { Disk } from './disk.ts';
import { chain, checkedBeforeEnd } from './pieces.ts';

/** Up to so many bytes a file is read at once. */
const largestWhole = 64 * 1024;
/** What a file is, and whose, shows by less. Memory for more would make V8 look through the whole heap again and again. */
const headBytes = 8 * 1024;

/** A file that is open for reading, unless all of it was read at once; to be disposed of. */
export interface OpenedFile extends Content, AsyncDisposable {
  /** Undefined where `isWhole`. */
  readonly fd: number | undefined;
  /** Its beginning, in so many bytes; undefined where `isWhole`. */
  readonly readTo?: (length: number) => Promise<Buffer>;
}

/** @throws permanent `FILE_UNREADABLE`; transient `FILE_NOT_READ`, `FILE_CHANGED`; an error with code ENOENT when it is gone */
export async function openFile(path: Buffer, disk: Disk): Promise<OpenedFile> {
  const fd = await reading(() => disk.open(path));
  try {
    const before = await disk.lookAt(fd);
    const head = Buffer.allocUnsafe(before.size <= largestWhole ? before.size : headBytes);
    await fill(head, fd, disk);
    const file = { fd, before, disk };
    if (head.length < before.size) return partOf(file, head);
    await assertUnchanged(file, head.length);
    await disk.close(fd);
    return wholeFile(head);
  } catch (error) {
    await disk.close(fd);
    throw error;
  }
}

interface OpenDescriptor {
  readonly fd: number;
  readonly before: Stats;
  readonly disk: Disk;
}

function wholeFile(bytes: Buffer): OpenedFile {
  return { ...wholeContent(bytes), fd: undefined, [Symbol.asyncDispose]: () => Promise.resolve() };
}

function partOf(file: OpenDescriptor, head: Buffer): OpenedFile {
  const { fd, before, disk } = file;
  return {
    fd,
    head,
    isWhole: false,
    size: before.size,
    ...(before.size > largestHeld ? {} : { hold: () => holdAll(file) }),
    readTo: async (length) => {
      const beginning = Buffer.allocUnsafe(length);
      await fill(beginning, fd, disk);
      return beginning;
    },
    body: () => whole(file, head, () => Buffer.allocUnsafe(pieceBytes)),
    pass: () => whole(file, head, byTurns()),
    [Symbol.asyncDispose]: async () => {
      await disk.close(fd);
    },
  };
}

function whole(file: OpenDescriptor, head: Buffer, room: () => Buffer): AsyncGenerator<Buffer> {
  let total = 0;
  return checkedBeforeEnd(chain(head, piecesOf(file, head.length, room)), {
    see: (piece) => (total += piece.length),
    check: () => assertUnchanged(file, total),
  });
}

/**
 * The same few buffers, one after the other: one is being read into, one is withheld as it may be the last, one is with
 * whoever asked. Fresh ones are freed by and by only, and a large file would leave hundreds of megabytes of them.
 */
function byTurns(): () => Buffer {
  const rooms = Array.from({ length: 3 }, () => Buffer.allocUnsafeSlow(pieceBytes));
  let turn = 0;
  return () => rooms[(turn += 1) % rooms.length] as Buffer;
}

/** Each fresh buffer of this size would cost more than what is read into it. */
const memory = openLentMemory();

async function holdAll(file: OpenDescriptor) {
  const { before, fd, disk } = file;
  const room = memory.take(before.size);
  await fill(room.bytes, fd, disk);
  await assertUnchanged(file, before.size);
  return room;
}

async function fill(into: Buffer, fd: number, disk: Disk): Promise<void> {
  for (let length = 0; length < into.length;) {
    const rest = length === 0 ? into : into.subarray(length);
    const position = length;
    const came = await reading(() => disk.read(fd, rest, position));
    if (came === 0) throw changed();
    length += came;
  }
}

const pieceBytes = 256 * 1024;

async function* piecesOf(
  { fd, disk }: OpenDescriptor,
  from: number,
  room: () => Buffer,
): AsyncGenerator<Buffer> {
  for (let position = from; ;) {
    const piece = room();
    const at = position;
    const came = await reading(() => disk.read(fd, piece, at));
    if (came === 0) return;
    position += came;
    yield piece.subarray(0, came);
  }
}

async function assertUnchanged({ fd, before, disk }: OpenDescriptor, total: number): Promise<void> {
  const after = await disk.lookAt(fd);
  if (total !== before.size || after.size !== before.size || after.mtimeMs !== before.mtimeMs)
    throw changed();
}

const changed = () => transientFailure('FILE_CHANGED', 'The file changed while it was read.');

/** By the code of the file system. */
export function unreadable(code: string): Failure {
  const facts = { system: code };
  return forGood.has(code)
    ? permanentFailure('FILE_UNREADABLE', `The file cannot be read (${code}).`, { facts })
    : transientFailure('FILE_NOT_READ', `The file could not be read (${code}).`, { facts });
}

const forGood = new Set(['EACCES', 'EPERM', 'ENAMETOOLONG', 'EISDIR', 'ENXIO', 'EINVAL', 'ELOOP']);

async function reading<Result>(read: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || code === 'ENOENT' || code === 'ENOTDIR') throw error;
    throw unreadable(code);
  }
}
