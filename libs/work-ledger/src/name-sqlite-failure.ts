import type { Failure } from '@orthanc-tools/failures';
import { configurationError } from '@orthanc-tools/failures';

// Primary result codes, https://www.sqlite.org/rescode.html
const busy = 5;
const corrupt = 11;
const full = 13;
const notADatabase = 26;
const refusals: Readonly<Record<number, string>> = {
  3: 'access is denied',
  8: 'it is read-only',
  10: 'reading or writing failed',
  14: 'it cannot be opened',
  22: 'it is larger than the system allows',
};

function primaryCode(error: unknown): number | undefined {
  const isObject = typeof error === 'object' && error !== null;
  const errcode = isObject && 'errcode' in error ? error.errcode : undefined;
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}

/** True when another connection holds the lock that was asked for. */
export const isBusy = (error: unknown): boolean => primaryCode(error) === busy;

export const ledgerInUse = (path: string): Failure =>
  configurationError('LEDGER_IN_USE', `The ledger ${path} is in use by another process.`, { scope: 'run' });

/** What the operator must mend, when SQLite's error is of that sort; otherwise the error as it came. */
export function nameSqliteFailure(error: unknown, path: string): unknown {
  const code = primaryCode(error);
  const details = { scope: 'run', cause: error } as const;
  if (code === undefined) return error;
  if (code === busy) return ledgerInUse(path);
  if (code === full) {
    return configurationError('LEDGER_DISK_FULL', `The disk that holds the ledger ${path} is full.`, details);
  }
  if (code === corrupt || code === notADatabase) {
    const message = `The file ${path} is not a ledger, or it is damaged; it was left as it is.`;
    return configurationError('LEDGER_UNREADABLE', message, details);
  }
  const refusal = refusals[code];
  if (refusal === undefined) return error;
  return configurationError('LEDGER_UNWRITABLE', `The ledger ${path} cannot be used: ${refusal}.`, details);
}

/** Runs `work` and gives SQLite's errors their names. */
export function naming<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw nameSqliteFailure(error, path);
  }
}
