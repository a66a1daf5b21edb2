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
  const isOwn = !isNumber && ownEndings.some((ending) => path.toLowerCase().endsWith(ending));
  return {
    ledgerPath: isOwn ? path : `${path}.ledger.sqlite`,
    ...(isNumber ? { pythonState: Number(content) } : {}),
  };
}
