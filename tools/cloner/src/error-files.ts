import { readFile, readdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';
import { makeFolder, nameOf } from '@orthanc-tools/tool-options';
import { type WorkLedger, eachSetAside } from '@orthanc-tools/work-ledger';

const purpose = { option: 'errorFolderPath', code: 'OPTIONS_INVALID' };

const ending = '.Study.error.txt';

/** The folder, and whose files are written there: several clones may share it. */
interface ErrorFolder {
  readonly folder: string;
  /** Path of the ledger that the studies are set aside in. */
  readonly owner: string;
}

/**
 * Writes a text file for each study that is set aside, with each instance of it that is, as the Python tool did for each failed change, and takes away
 * those of the same clone whose studies have arrived since.
 *
 * @throws what the file system says
 */
export async function writeErrorFiles(
  { folder, owner }: ErrorFolder,
  ledger: Pick<WorkLedger, 'setAsideRows' | 'exceptions'>,
): Promise<void> {
  const lastLine = `Set aside in ${owner}`;
  const stale = new Set(
    (await readdir(folder)).filter((name) => /^[0-9a-f-]{44}\./.test(name) && name.endsWith(ending)),
  );
  for (const row of eachSetAside(ledger)) {
    const parts = row.parts.map(({ part, code, message }) => `${part} ${code} ${message}`);
    const text = [`${row.code} ${row.message}`, ...parts, lastLine, ''].join('\n');
    const name = row.key + ending;
    stale.delete(name);
    await writeFile(join(folder, name), text);
  }
  for (const name of stale) {
    const path = join(folder, name);
    if ((await readFile(path, 'utf8')).endsWith(`\n${lastLine}\n`)) await unlink(path);
  }
}

/** Makes the folder and proves that it can be written to, before the run and not after it. */
export async function prepareErrorFolder(folder: string): Promise<void> {
  makeFolder(folder, purpose);
  const probe = join(folder, '.orthanc-cloner-can-write');
  try {
    await writeFile(probe, '', { flush: true });
    await unlink(probe);
  } catch (cause) {
    const message = `${nameOf(purpose.option)}: the folder "${folder}" cannot be written to.`;
    throw configurationError(purpose.code, message, { cause });
  }
}
