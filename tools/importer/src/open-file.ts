import { type FileHandle, open } from 'node:fs/promises';
import { permanentFailure, transientFailure } from '@orthanc-tools/failures';
import type { Content } from './content.ts';

const headBytes = 64 * 1024;

/** A file that is open for reading; to be disposed of. */
export interface OpenedFile extends Content, AsyncDisposable {
  readonly handle: FileHandle;
}

/** @throws permanent `FILE_UNREADABLE`; transient `FILE_NOT_READ`, `FILE_CHANGED`; an error with code ENOENT when it is gone */
export async function openFile(path: Buffer): Promise<OpenedFile> {
  const handle = await reading(() => open(path, 'r'));
  try {
    const before = await handle.stat();
    const head = await reading(() => readHead(handle, before.size));
    const isWhole = head.length === before.size;
    const body = async function* (): AsyncGenerator<Buffer> {
      let total = head.length;
      yield head;
      if (!isWhole)
        for await (const piece of piecesOf(handle, head.length)) {
          total += piece.length;
          yield piece;
        }
      const after = await handle.stat();
      if (total !== before.size || after.mtimeMs !== before.mtimeMs) throw changed();
    };
    return {
      handle,
      head,
      isWhole,
      size: before.size,
      body,
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readHead(handle: FileHandle, size: number): Promise<Buffer> {
  const head = Buffer.allocUnsafe(Math.min(headBytes, size));
  let length = 0;
  while (length < head.length) {
    const { bytesRead } = await handle.read(head, length, head.length - length, length);
    if (bytesRead === 0) throw changed();
    length += bytesRead;
  }
  return head;
}

const pieceBytes = 256 * 1024;

async function* piecesOf(handle: FileHandle, from: number): AsyncGenerator<Buffer> {
  for (let position = from; ;) {
    const piece = Buffer.allocUnsafe(pieceBytes);
    const { bytesRead } = await reading(() => handle.read(piece, 0, pieceBytes, position));
    if (bytesRead === 0) return;
    position += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}

const changed = () => transientFailure('FILE_CHANGED', 'The file changed while it was read.');

const forGood = new Set(['EACCES', 'EPERM', 'ENAMETOOLONG', 'EISDIR', 'ENXIO', 'EINVAL', 'ELOOP']);

async function reading<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || code === 'ENOENT' || code === 'ENOTDIR') throw error;
    const facts = { system: code };
    if (forGood.has(code))
      throw permanentFailure('FILE_UNREADABLE', `The file cannot be read (${code}).`, { facts });
    throw transientFailure('FILE_NOT_READ', `The file could not be read (${code}).`, { facts });
  }
}
