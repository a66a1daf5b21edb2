import { closeSync, openSync, readSync } from 'node:fs';

const ownEndings = ['.sqlite', '.db'];
const longestNumber = 32;

/** The first bytes of the file, as text; `undefined` when there is no such file or it cannot be read. */
function beginningOf(path: string): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.alloc(longestNumber);
    return bytes.toString('latin1', 0, readSync(file, bytes));
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/**
 * Where the ledger belongs when the user names `path`: there when it ends in `.sqlite` or `.db`, otherwise beside it.
 * The Python tools keep one decimal number in that file; it is read and never touched.
 */
export function locateLedger(path: string): { readonly ledgerPath: string; readonly pythonState?: number } {
  const content = beginningOf(path) ?? '';
  const isNumber = content.length < longestNumber && /^\s*\d{1,15}\s*$/.test(content);
  return {
    ledgerPath: !isNumber && endsLikeOwn(path) ? path : beside(path),
    ...(isNumber ? { pythonState: Number(content) } : {}),
  };
}

const endsLikeOwn = (path: string): boolean =>
  ownEndings.some((ending) => path.toLowerCase().endsWith(ending));

const beside = (path: string): string => `${path}.ledger.sqlite`;

/** How every database of SQLite begins. */
export const sqliteBeginning = 'SQLite format 3\0';

/**
 * The ledger that goes with the state file of a Python tool, whatever that is called and holds: it lies beside it, unless
 * a ledger was made in its place, as earlier versions did.
 */
export const ledgerOfState = (path: string): string =>
  endsLikeOwn(path) && (beginningOf(path) ?? '').startsWith(sqliteBeginning) ? path : beside(path);
