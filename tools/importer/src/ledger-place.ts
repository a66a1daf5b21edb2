import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import { ledgerOfState, locateLedger } from '@orthanc-tools/work-ledger';

interface Named {
  readonly ledgerPath?: string | undefined;
  readonly statePath?: string | undefined;
  readonly folderPath?: string | undefined;
  readonly orthancUrl?: string | undefined;
}

/**
 * Where the ledger lies: where the user says, otherwise beside the state file of the Python tool, otherwise in the state
 * folder under a name that belongs to this folder and server.
 * @throws configuration `LEDGER_UNNAMED` when nothing of that is given, as may be with `status`
 */
export function ledgerPlace(options: Named, stateFolder: string): string {
  const { ledgerPath, statePath, folderPath, orthancUrl } = options;
  if (ledgerPath !== undefined) return locateLedger(ledgerPath).ledgerPath;
  if (statePath !== undefined) return ledgerOfState(statePath);
  if (folderPath === undefined || orthancUrl === undefined)
    throw configurationError(
      'LEDGER_UNNAMED',
      `Which ledger? Give ${nameOf('ledgerPath')}; or ${nameOf('folderPath')} and ${nameOf('orthancUrl')}, whose ledger lies in ${stateFolder}.`,
    );
  const pair = createHash('sha256')
    .update(`${resolve(folderPath)}\n${orthancUrl}`)
    .digest('hex')
    .slice(0, 12);
  return join(stateFolder, `importer-${pair}.ledger.sqlite`);
}

/** How many folders a state file of the Python tool claims to be done; undefined without such a file. */
export function foldersInPythonState(path: string | undefined): number | undefined {
  // An earlier version may have made the ledger in its place.
  if (path === undefined || ledgerOfState(path) === path) return undefined;
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '').length;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw configurationError('STATE_UNREADABLE', `${nameOf('statePath')}: "${path}" cannot be read.`, {
      cause,
    });
  }
}
