import { appendFile, readFile } from 'node:fs/promises';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import { type LedgerView, eachPage } from '@orthanc-tools/work-ledger';
import { join } from 'node:path';

const pageSize = 500;

/** Adds the path of each file that was set aside, unless it is in the file already, as the Python tool does. */
export async function addToErrorsFile(
  path: string,
  folder: string,
  ledger: Pick<LedgerView, 'setAsideRows'>,
): Promise<void> {
  try {
    const known = new Set((await readOrNothing(path)).split('\n'));
    const pages = eachPage(
      (page) => ledger.setAsideRows(page),
      ({ key }) => key,
      { pageSize },
    );
    for (const rows of pages) {
      const lines = rows.map(({ key }) => join(folder, key)).filter((line) => !known.has(line));
      await appendFile(path, lines.map((line) => `${line}\n`).join(''));
    }
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** Finds out before the work whether it can be written. */
export async function checkErrorsFile(path: string): Promise<void> {
  try {
    await appendFile(path, '');
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

const unwritable = (path: string, cause: unknown) =>
  configurationError('ERRORS_UNWRITABLE', `${nameOf('errorsPath')}: "${path}" cannot be written.`, { cause });

async function readOrNothing(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
