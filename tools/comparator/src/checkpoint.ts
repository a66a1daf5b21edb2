import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writable } from './output-file.ts';
import type { Tally } from './tally.ts';

/** How far a run has come: with it, whoever starts again goes on where the last slice ended. */
export interface Checkpoint {
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

export const stateOption = '--state-folder (STATE_FOLDER)';

const pathIn = (folder: string): string => join(folder, 'checkpoint.json');

/** One that cannot be read is none. */
export function readCheckpoint(folder: string): Checkpoint | undefined {
  const path = pathIn(folder);
  if (!existsSync(path)) return undefined;
  try {
    // Written by this tool, whole or not at all.
    return JSON.parse(readFileSync(path, 'utf8')) as Checkpoint;
  } catch {
    return undefined;
  }
}

/** Whoever reads it sees all of it or the one before. */
export function writeCheckpoint(folder: string, checkpoint: Checkpoint): void {
  const path = pathIn(folder);
  writable({ path, option: stateOption }, () => {
    writeFileSync(`${path}.tmp`, JSON.stringify(checkpoint), { flush: true });
    renameSync(`${path}.tmp`, path);
  });
}

export const removeCheckpoint = (folder: string): void => rmSync(pathIn(folder), { force: true });
