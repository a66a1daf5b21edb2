import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';
import type { Clock } from '@orthanc-tools/scheduling';
import { nameOf } from '@orthanc-tools/tool-options';
import {
  type TrailRecord,
  hashOfNothing,
  hashOfText,
  lineOf,
  makeRecord,
  readRecord,
  tornEvent,
} from './trail-records.ts';

/** What was planned and deleted, by which rule and when: lines of JSON that are only ever added, each chained to the one before. */
export interface AuditTrail extends Disposable {
  /** On the disk when this returns. @throws configuration `AUDIT_TRAIL_UNWRITABLE`, `AUDIT_TRAIL_SHARED` */
  write(event: string, facts: Readonly<Record<string, unknown>>): void;
}

/**
 * Opens the trail, or begins it. A last line that a crash has cut off stays as it is, and is told by the next record.
 * @throws configuration `AUDIT_TRAIL_UNWRITABLE`, or `AUDIT_TRAIL_BROKEN` when its last record is not what was written
 */
export function openTrail(path: string, clock: Pick<Clock, 'now'>): AuditTrail {
  const file = guarded(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'a+', 0o640);
  });
  const { last, torn } = lastOf(file, path);
  let [seq, previous] = [last?.seq ?? 0, last?.hash ?? hashOfNothing];
  let { size } = fstatSync(file);
  const write: AuditTrail['write'] = (event, facts) => {
    const record = makeRecord({ seq: seq + 1, at: clock.now().toISOString(), event, facts, previous });
    if (fstatSync(file).size !== size) throw sharedTrail(path);
    guarded(path, () => {
      size += writeWhole(file, `${lineOf(record)}\n`);
      fsyncSync(file);
    });
    [seq, previous] = [record.seq, record.hash];
  };
  if (torn !== '') {
    size += guarded(path, () => writeWhole(file, '\n'));
    write(tornEvent, { sha256: hashOfText(torn) });
  }
  return {
    write,
    [Symbol.dispose]() {
      closeSync(file);
    },
  };
}

/** A disk that is nearly full takes a part, and says so only by its number. @returns bytes */
function writeWhole(file: number, text: string): number {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length;) from += writeSync(file, bytes, from);
  return bytes.length;
}

const sharedTrail = (path: string) =>
  configurationError(
    'AUDIT_TRAIL_SHARED',
    `${nameOf('auditTrail')}: somebody else writes to "${path}": give each cleaner a file of its own.`,
  );

function guarded<Result>(path: string, effect: () => Result): Result {
  try {
    return effect();
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    throw configurationError(
      'AUDIT_TRAIL_UNWRITABLE',
      `${nameOf('auditTrail')}: the file "${path}" cannot be written (${code}): nothing is deleted without it.`,
      { cause },
    );
  }
}

/** So much is read from the end at a time. */
const blockBytes = 64 * 1024;

interface End {
  readonly last: TrailRecord | undefined;
  /** What stands behind the last line end. */
  readonly torn: string;
}

function lastOf(file: number, path: string): End {
  const { size } = fstatSync(file);
  for (let bytes = Math.min(size, blockBytes); ; bytes = Math.min(size, bytes * 2)) {
    const lines = endOf(file, { size, bytes }).split('\n');
    const torn = lines.pop() ?? '';
    const line = lines.at(-1);
    // The first line of the block may lack its beginning.
    if (bytes < size && lines.length < 2) continue;
    if (line === undefined) return { last: undefined, torn };
    const last = readRecord(line);
    if (last !== undefined) return { last, torn };
    throw configurationError(
      'AUDIT_TRAIL_BROKEN',
      `${nameOf('auditTrail')}: the last line of "${path}" is not what was written there. Keep this file, find out who changed it, and name another one.`,
    );
  }
}

function endOf(file: number, { size, bytes }: { readonly size: number; readonly bytes: number }): string {
  const block = Buffer.alloc(bytes);
  readSync(file, block, 0, bytes, size - bytes);
  return block.toString();
}
