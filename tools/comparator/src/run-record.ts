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
import { configurationError } from '@orthanc-tools/failures';
import type { Item } from './item.ts';
import { csvHead, csvLine, jsonLine } from './item-lines.ts';
import { type Tally, emptyTally } from './tally.ts';

/** How far a run has come: with it, whoever starts again goes on where the last slice ended. */
interface Checkpoint {
  /** What was compared with what, and how: another run begins anew. */
  readonly fingerprint: string;
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

/** @throws configuration `OUTPUT_UNWRITABLE` */
export function openRecord(request: RecordRequest): RunRecord {
  const { folder, fingerprint, now, itemsJson, itemsCsv, hasEqual } = request;
  makeFolderFor(join(folder, 'x'));
  const checkpointPath = join(folder, 'checkpoint.json');
  const found = readCheckpoint(checkpointPath, fingerprint);
  const itemsPath = join(folder, 'items.jsonl');
  const all: Output[] = [{ path: itemsPath, hasEqual: false, lineOf: jsonLine }];
  if (itemsJson !== undefined) all.push({ path: itemsJson, hasEqual, lineOf: jsonLine });
  if (itemsCsv !== undefined) all.push({ path: itemsCsv, hasEqual, lineOf: csvLine, head: csvHead });
  const open = all.map((output) => openOutput(output, found?.lengths[output.path]));
  const tally = found?.tally ?? emptyTally();
  const undated = new Set(found?.undated);
  const startedAt = found?.startedAt ?? now.toISOString();
  return {
    startedAt,
    doneThrough: found?.doneThrough,
    tally,
    undated,
    itemsPath,
    write: (item) => {
      for (const { output, add } of open)
        if (output.hasEqual || item.state !== 'equal' || item.was !== undefined) add(output.lineOf(item));
    },
    checkpoint: (doneThrough) => {
      const lengths = Object.fromEntries(open.map(({ output, flush }) => [output.path, flush()]));
      const state: Checkpoint = {
        fingerprint,
        startedAt,
        doneThrough,
        tally,
        undated: [...undated],
        lengths,
      };
      writeWhole(checkpointPath, JSON.stringify(state));
    },
    flush: () => {
      for (const { flush } of open) flush();
    },
    finish: () => {
      rmSync(checkpointPath, { force: true });
    },
    [Symbol.dispose]: () => {
      for (const { close } of open) close();
    },
  };
}

/** Whoever reads it sees all of it or the one before. */
function writeWhole(path: string, content: string): void {
  writeFileSync(`${path}.tmp`, content, { flush: true });
  renameSync(`${path}.tmp`, path);
}

/** A checkpoint of another comparison, or one that cannot be read, is none. */
function readCheckpoint(path: string, fingerprint: string): Checkpoint | undefined {
  if (!existsSync(path)) return undefined;
  try {
    // Written by this tool, whole or not at all.
    const found = JSON.parse(readFileSync(path, 'utf8')) as Checkpoint;
    return found.fingerprint === fingerprint ? found : undefined;
  } catch {
    return undefined;
  }
}

interface Output {
  readonly path: string;
  readonly hasEqual: boolean;
  readonly head?: string;
  lineOf(item: Item): string;
}

const flushAt = 64 * 1024;

/** `length`: how much of the file is to be kept, of a run that goes on. */
function openOutput(output: Output, length: number | undefined) {
  const file = openFor(output.path);
  const isThere = length !== undefined && fstatSync(file).size >= length;
  let written = isThere ? length : 0;
  let waiting = '';
  ftruncateSync(file, written);
  const flush = (): number => {
    if (waiting !== '') written += writeSync(file, waiting, written);
    waiting = '';
    fdatasyncSync(file);
    return written;
  };
  const add = (line: string): void => {
    waiting += line;
    if (waiting.length < flushAt) return;
    written += writeSync(file, waiting, written);
    waiting = '';
  };
  if (written === 0 && output.head !== undefined) add(output.head);
  const close = (): void => {
    if (waiting !== '') writeSync(file, waiting, written);
    closeSync(file);
  };
  return { output, add, flush, close };
}

function openFor(path: string): number {
  try {
    makeFolderFor(path);
    return openSync(path, existsSync(path) ? 'r+' : 'w+', 0o644);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function makeFolderFor(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (cause) {
    throw unwritable(dirname(path), cause);
  }
}

const unwritable = (path: string, cause: unknown) =>
  configurationError('OUTPUT_UNWRITABLE', `"${path}" cannot be written.`, { cause });
