import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';
import type { Item } from './item.ts';

export interface Place {
  readonly path: string;
  /** Flag and variable that name it. */
  readonly option: string;
}

export interface Output extends Place {
  readonly hasEqual: boolean;
  readonly head?: string;
  lineOf(item: Item): string;
}

interface OpenOutput {
  readonly output: Output;
  add(line: string): void;
  /** Makes what was added durable. Gives how long the file is. */
  flush(): number;
  close(): void;
}

const flushAt = 64 * 1024;

/**
 * A file that grows line by line. `length`: how much of it is to be kept, of a run that goes on.
 * @throws configuration `OUTPUT_UNWRITABLE`
 */
export function openOutput(output: Output, length: number | undefined): OpenOutput {
  const file = openFor(output);
  let written = keepOnly(file, length);
  let waiting = '';
  const write = (): void => {
    const bytes = Buffer.from(waiting);
    // What could not be written is not tried again when the file is closed.
    waiting = '';
    writable(output, () => writeAll(file, bytes, written));
    written += bytes.length;
  };
  const add = (line: string): void => {
    waiting += line;
    if (waiting.length >= flushAt) write();
  };
  if (written === 0 && output.head !== undefined) add(output.head);
  const flush = (): number => {
    write();
    writable(output, () => fdatasyncSync(file));
    return written;
  };
  return { output, add, flush, close: () => closeAfter(file, write) };
}

function keepOnly(file: number, length = 0): number {
  const { size } = fstatSync(file);
  const kept = size >= length ? length : 0;
  // Devices have no length, and refuse to be given one.
  if (size !== kept) ftruncateSync(file, kept);
  return kept;
}

/** A disk that is nearly full takes a part, and refuses the rest. */
function writeAll(file: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, position + at);
}

function closeAfter(file: number, last: () => void): void {
  try {
    last();
  } finally {
    closeSync(file);
  }
}

function openFor({ path, option }: Place): number {
  makeFolderFor(path, option);
  return writable({ path, option }, () => openSync(path, existsSync(path) ? 'r+' : 'w+', 0o644));
}

export function makeFolderFor(path: string, option: string): void {
  writable({ path: dirname(path), option }, () => mkdirSync(dirname(path), { recursive: true }));
}

/** Names what a file system refuses. @throws configuration `OUTPUT_UNWRITABLE` */
export function writable<Result>({ path, option }: Place, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const why = code === 'ENOSPC' || code === 'EDQUOT' ? ', as its disk is full' : '';
    const message = `${option}: "${path}" cannot be written${why}.`;
    throw configurationError('OUTPUT_UNWRITABLE', message, { cause });
  }
}
