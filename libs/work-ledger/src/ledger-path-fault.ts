import { type Stats, closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { locateLedger, sqliteBeginning } from './locate-ledger.ts';

const longestHead = 64;

/** What is wrong with what stands at the path; continues the sentence "--ledger-path (LEDGER_PATH) …". */
export function ledgerPathFault(path: string): string | undefined {
  const found = lookAt(path);
  if (found?.isDirectory() === true || path.endsWith('/'))
    return `names the folder "${path}"; give a file in it, such as "${join(path, `work.ledger.sqlite`)}"`;
  if (found === undefined) return undefined;
  const head = found.isFile() ? headOf(path) : undefined;
  if (head === undefined) return `names "${path}", which cannot be read as a file`;
  const { ledgerPath, pythonState } = locateLedger(path);
  if (head.trim() === '' || pythonState !== undefined) return undefined;
  if (!head.startsWith(sqliteBeginning))
    return `names the file "${path}", which is neither a ledger nor a state file of the Python tool (one whole number); it was left as it is: give another path`;
  return ledgerPath === path
    ? undefined
    : `names the database "${path}"; the name of a ledger ends in .sqlite or .db`;
}

/** Where it cannot be looked at, opening the ledger will say why. */
function lookAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function headOf(path: string): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.alloc(longestHead);
    return bytes.toString('latin1', 0, readSync(file, bytes));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
