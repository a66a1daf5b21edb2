import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { asFailure, configurationError } from '@orthanc-tools/failures';
import { lockForWriting } from '@orthanc-tools/work-ledger';
import type { Item } from './item.ts';
import { csvHead, csvLine, jsonLine } from './item-lines.ts';
import { type Tally, emptyTally } from './tally.ts';

/** How far a run has come: with it, whoever starts again goes on where the last slice ended. */
interface Checkpoint {
  /** What was compared with what, and how: another run begins anew. */
  readonly fingerprint: string;
  /** Its study dates, as they were given. */
  readonly from: string;
  readonly to: string;
  readonly startedAt: string;
  /** The last study date that is done; undefined: none is. */
  readonly doneThrough: string | undefined;
  readonly tally: Tally;
  readonly undated: readonly string[];
  /** How long each output was. */
  readonly lengths: Readonly<Record<string, number>>;
}

export interface RecordRequest {
  /** Of this comparison alone. */
  readonly folder: string;
  readonly fingerprint: string;
  readonly from: string;
  readonly to: string;
  readonly now: Date;
  readonly itemsJson: string | undefined;
  readonly itemsCsv: string | undefined;
  /** Whether the two files above have a line for each study that is equal. */
  readonly hasEqual: boolean;
}

/** The outputs of a run and how far it has come; both survive a kill. */
export interface RunRecord extends Disposable {
  readonly startedAt: string;
  readonly doneThrough: string | undefined;
  readonly tally: Tally;
  readonly undated: Set<string>;
  /** Everything but what is equal; for the report. */
  readonly itemsPath: string;
  write(item: Item): void;
  /** Makes sure that what was written up to this day is not compared again. */
  checkpoint(doneThrough: string | undefined): void;
  /** Makes what was written readable at its place. */
  flush(): void;
  /** The run has ended: the next one begins anew. */
  finish(): void;
}

/** @throws configuration `OUTPUT_UNWRITABLE`, `COMPARISON_IN_USE` */
export function openRecord(request: RecordRequest): RunRecord {
  const { folder } = request;
  makeFolderFor(join(folder, 'x'), stateOption);
  const lock = lockRun(folder);
  try {
    return openLocked(request, lock);
  } catch (error) {
    lock[Symbol.dispose]();
    throw error;
  }
}

/** Two at once would cut each other's outputs. */
function lockRun(folder: string): Disposable {
  try {
    return lockForWriting(join(folder, 'run'));
  } catch (cause) {
    if (asFailure(cause)?.code !== 'LEDGER_IN_USE') throw cause;
    const message = `This comparison is being made by another process. Let it end, or give this one another ${stateOption}.`;
    throw configurationError('COMPARISON_IN_USE', message, { cause });
  }
}

function openLocked(request: RecordRequest, lock: Disposable): RunRecord {
  const { folder, fingerprint, from, to, now } = request;
  const checkpointPath = checkpointIn(folder);
  const read = readCheckpoint(checkpointPath);
  const found = read?.fingerprint === fingerprint ? read : undefined;
  const itemsPath = join(folder, 'items.jsonl');
  const open = openOutputs(outputsOf(request, itemsPath), found?.lengths);
  const tally = found?.tally ?? emptyTally();
  const undated = new Set(found?.undated);
  const startedAt = found?.startedAt ?? now.toISOString();
  return {
    startedAt,
    doneThrough: found?.doneThrough,
    tally,
    undated,
    itemsPath,
    ...open,
    checkpoint: (doneThrough) => {
      const run = { fingerprint, from, to, startedAt, doneThrough, tally, undated: [...undated] };
      const state: Checkpoint = { ...run, lengths: open.flush() };
      writeWhole(checkpointPath, JSON.stringify(state));
    },
    finish: () => {
      rmSync(checkpointPath, { force: true });
    },
    [Symbol.dispose]: () => {
      open.close();
      lock[Symbol.dispose]();
    },
  };
}

function outputsOf({ itemsJson, itemsCsv, hasEqual }: RecordRequest, itemsPath: string): Output[] {
  const own: Output = { path: itemsPath, option: stateOption, hasEqual: false, lineOf: jsonLine };
  const json = { option: '--items-json (ITEMS_JSON)', hasEqual, lineOf: jsonLine };
  const csv = { option: '--items-csv (ITEMS_CSV)', hasEqual, lineOf: csvLine, head: csvHead };
  return [
    own,
    ...(itemsJson === undefined ? [] : [{ path: itemsJson, ...json }]),
    ...(itemsCsv === undefined ? [] : [{ path: itemsCsv, ...csv }]),
  ];
}

/** @param lengths how much of each is to be kept, of a run that goes on */
function openOutputs(outputs: readonly Output[], lengths: Checkpoint['lengths'] = {}) {
  const open = outputs.map((output) => openOutput(output, lengths[output.path]));
  return {
    write: (item: Item) => {
      for (const { output, add } of open)
        if (output.hasEqual || item.state !== 'equal' || item.was !== undefined) add(output.lineOf(item));
    },
    /** @returns how long each is */
    flush: () => Object.fromEntries(open.map(({ output, flush }) => [output.path, flush()])),
    close: () => {
      for (const { close } of open) close();
    },
  };
}

/** Whoever reads it sees all of it or the one before. */
function writeWhole(path: string, content: string): void {
  writable({ path, option: stateOption }, () => {
    writeFileSync(`${path}.tmp`, content, { flush: true });
    renameSync(`${path}.tmp`, path);
  });
}

const checkpointIn = (folder: string): string => join(folder, 'checkpoint.json');

/** The days of a run that was begun and did not end, and what it compared. */
export const readUnfinished = (folder: string): Pick<Checkpoint, 'fingerprint' | 'from' | 'to'> | undefined =>
  readCheckpoint(checkpointIn(folder));

/** One that cannot be read is none. */
function readCheckpoint(path: string): Checkpoint | undefined {
  if (!existsSync(path)) return undefined;
  try {
    // Written by this tool, whole or not at all.
    return JSON.parse(readFileSync(path, 'utf8')) as Checkpoint;
  } catch {
    return undefined;
  }
}

interface Place {
  readonly path: string;
  /** Flag and variable that name it. */
  readonly option: string;
}

const stateOption = '--state-folder (STATE_FOLDER)';

interface Output extends Place {
  readonly hasEqual: boolean;
  readonly head?: string;
  lineOf(item: Item): string;
}

const flushAt = 64 * 1024;

/** `length`: how much of the file is to be kept, of a run that goes on. */
function openOutput(output: Output, length: number | undefined) {
  const file = openFor(output);
  const isThere = length !== undefined && fstatSync(file).size >= length;
  let written = isThere ? length : 0;
  let waiting = '';
  // Devices have no length, and refuse to be given one.
  if (fstatSync(file).size !== written) ftruncateSync(file, written);
  const write = (): void => {
    const bytes = Buffer.from(waiting);
    // What could not be written is not tried again when the file is closed.
    waiting = '';
    writable(output, () => {
      // A disk that is nearly full takes a part, and refuses the rest.
      for (let at = 0; at < bytes.length;) {
        const taken = writeSync(file, bytes, at, bytes.length - at, written);
        written += taken;
        at += taken;
      }
    });
  };
  const flush = (): number => {
    write();
    writable(output, () => {
      fdatasyncSync(file);
    });
    return written;
  };
  const add = (line: string): void => {
    waiting += line;
    if (waiting.length >= flushAt) write();
  };
  if (written === 0 && output.head !== undefined) add(output.head);
  const close = (): void => {
    try {
      write();
    } finally {
      closeSync(file);
    }
  };
  return { output, add, flush, close };
}

function openFor({ path, option }: Place): number {
  makeFolderFor(path, option);
  return writable({ path, option }, () => openSync(path, existsSync(path) ? 'r+' : 'w+', 0o644));
}

function makeFolderFor(path: string, option: string): void {
  writable({ path: dirname(path), option }, () => mkdirSync(dirname(path), { recursive: true }));
}

/** Names what a file system refuses. */
function writable<Result>({ path, option }: Place, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const why = code === 'ENOSPC' || code === 'EDQUOT' ? ', as its disk is full' : '';
    const message = `${option}: "${path}" cannot be written${why}.`;
    throw configurationError('OUTPUT_UNWRITABLE', message, { cause });
  }
}
