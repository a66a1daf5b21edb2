import { join } from 'node:path';
import { asFailure, configurationError } from '@orthanc-tools/failures';
import { lockForWriting } from '@orthanc-tools/work-ledger';
import {
  type Checkpoint,
  readCheckpoint,
  removeCheckpoint,
  stateOption,
  writeCheckpoint,
} from './checkpoint.ts';
import type { Item } from './item.ts';
import { csvHead, csvLine, jsonLine } from './item-lines.ts';
import { type Output, makeFolderFor, openOutput } from './output-file.ts';
import { type Tally, emptyTally } from './tally.ts';

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
  const read = readCheckpoint(folder);
  const found = read?.fingerprint === fingerprint ? read : undefined;
  const itemsPath = join(folder, 'items.jsonl');
  const open = openOutputs(outputsOf(request, itemsPath), found?.lengths);
  const tally = found?.tally ?? emptyTally();
  const undated = new Set(found?.undated);
  const startedAt = found?.startedAt ?? now.toISOString();
  return {
    ...{ startedAt, doneThrough: found?.doneThrough, tally, undated, itemsPath, ...open },
    checkpoint: (doneThrough) => {
      const run = { fingerprint, from, to, startedAt, doneThrough, tally, undated: [...undated] };
      writeCheckpoint(folder, { ...run, lengths: open.flush() });
    },
    finish: () => removeCheckpoint(folder),
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
