import { unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';
import { makeFolder, nameOf } from '@orthanc-tools/tool-options';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import { eachSetAside } from './summarize.ts';

const purpose = { option: 'errorFolderPath', code: 'OPTIONS_INVALID' };

/** Writes a text file for each study that was set aside, as the Python tool did for each failed change. */
export async function writeErrorFiles(
  folder: string,
  ledger: Pick<WorkLedger, 'setAsideRows'>,
): Promise<void> {
  for (const row of eachSetAside(ledger)) {
    const parts = row.parts.map(({ part, code, message }) => `${part} ${code} ${message}`);
    const text = [`${row.code} ${row.message}`, ...parts, ''].join('\n');
    await writeFile(join(folder, `${row.key}.Study.error.txt`), text);
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
