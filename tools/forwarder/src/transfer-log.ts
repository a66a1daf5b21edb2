import { closeSync, openSync, writeSync } from 'node:fs';
import { configurationError } from '@orthanc-tools/failures';
import type { Clock } from '@orthanc-tools/scheduling';
import type { Logger } from '@orthanc-tools/telemetry';
import { nameOf } from '@orthanc-tools/tool-options';

/** What became of one unit at one destination. Instances. */
export interface TransferRecord {
  readonly unit: string;
  readonly destination: string;
  /** Alias or address that was really used: the alternate's, while the first was down. */
  readonly via: string;
  readonly proved: number;
  readonly unproved: number;
  /** The weakest proof among those proved. */
  readonly proof: string;
  readonly attempt: number;
}

export interface DeletionRecord {
  readonly unit: string;
  readonly deleted: number;
  readonly kept: number;
  readonly destinations: readonly string[];
}

/** Who got what, when, and what was deleted: one line of JSON each. Orthanc's identifiers only, no patient data. */
export interface TransferLog extends Disposable {
  sent(record: TransferRecord): void;
  deleted(record: DeletionRecord): void;
}

/**
 * Also writes each line to the log. Where a line cannot be added later, on a disk that is full, it is said once, and the
 * forwarding goes on: what was sent and deleted stands in the ledgers and in the log, too.
 * @throws configuration `TRANSFER_LOG_UNWRITABLE` where it cannot be opened
 */
export function openTransferLog(
  path: string | undefined,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
): TransferLog {
  const file = path === undefined ? undefined : openForAppending(path);
  let missing = 0;
  const write = (event: string, record: object) => {
    log.info(event, { ...record });
    if (file === undefined) return;
    try {
      addLine(file, { at: clock.now().toISOString(), event, ...record });
      if (missing > 0) log.info('transfer_log.written_again', { missing });
      missing = 0;
    } catch (error) {
      missing += 1;
      const { code = 'unknown error' } = error as NodeJS.ErrnoException;
      if (missing === 1)
        log.error('transfer_log.unwritable', { path, code, consequence: 'lines are missing' });
    }
  };
  return {
    sent: (record) => {
      write('unit.forwarded', record);
    },
    deleted: (record) => {
      write('unit.deleted', record);
    },
    [Symbol.dispose]() {
      if (file !== undefined) closeSync(file);
    },
  };
}

/** A disk that is nearly full may take a part of a line: what it says to the rest tells why. */
function addLine(file: number, record: object): void {
  const line = Buffer.from(`${JSON.stringify(record)}\n`);
  const written = writeSync(file, line);
  if (written < line.length) writeSync(file, line, written);
}

function openForAppending(path: string): number {
  try {
    return openSync(path, 'a');
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    const message = `${nameOf('transferLog')}: the file "${path}" cannot be written (${code}).`;
    throw configurationError('TRANSFER_LOG_UNWRITABLE', message, { cause });
  }
}
