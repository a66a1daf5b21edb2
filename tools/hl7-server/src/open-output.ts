import { accessSync, constants } from 'node:fs';
import { configurationError, asFailure, describeFailure } from '@orthanc-tools/failures';
import { loadDictionary } from '@orthanc-tools/dicom-files';
import { type Orthanc, firstQuestion } from '@orthanc-tools/orthanc-client';
import { makeFolder, nameOf } from '@orthanc-tools/tool-options';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { Hl7ServerOptions } from './options.ts';
import { worklistFolder } from './worklist-folder.ts';
import type { WorklistOutput } from './worklist-output.ts';
import { worklistRest } from './worklist-rest.ts';

/** Where worklists lie when nothing says otherwise; compose files of the Python tool mount a volume there. */
const usualFolder = '/worklists';

/** The folder of worklists; undefined where an Orthanc keeps them. */
export function folderOf({
  folder,
  orthancUrl,
}: Pick<Hl7ServerOptions, 'folder' | 'orthancUrl'>): string | undefined {
  return folder ?? (orthancUrl === undefined ? usualFolder : undefined);
}

async function openRest(orthanc: Orthanc, { log, signal }: RunContext): Promise<WorklistOutput> {
  const output = worklistRest(orthanc);
  try {
    await firstQuestion(orthanc, 'orthanc', () => orthanc.system(signal));
    if (!(await output.isThere()))
      throw configurationError(
        'WORKLISTS_PLUGIN_MISSING',
        `${nameOf('orthancUrl')}: the Orthanc at ${orthanc.url} has no REST API for worklists. Enable its plugin "orthanc-worklists" (Orthanc 1.12.10 or newer), or give ${nameOf('folder')}.`,
      );
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || failure.kind === 'configuration') throw error;
    // It may come later: until then, senders hear that they have to repeat.
    log.warn('worklists.away', { code: failure.code, reason: describeFailure(error).message });
  }
  return output;
}

/**
 * Where worklists go: the folder, or else the Orthanc, which is looked at now.
 * @throws configuration `NO_ORTHANC`, `WORKLISTS_PLUGIN_MISSING`, `FOLDER_UNUSABLE`
 */
export async function openOutput(
  options: Hl7ServerOptions,
  orthanc: Orthanc | undefined,
  run: RunContext,
): Promise<WorklistOutput> {
  const folder = folderOf(options);
  if (folder === undefined && orthanc !== undefined) return openRest(orthanc, run);
  const path = folder ?? usualFolder;
  makeFolder(path, { option: 'folder', code: 'FOLDER_UNUSABLE' });
  refuseUnwritable(path);
  return worklistFolder({ folder: path, charset: options.outputCharset, dictionary: await loadDictionary() });
}

/** Every order would be refused, one by one, by a server that seems well. */
function refuseUnwritable(path: string): void {
  try {
    accessSync(path, constants.W_OK);
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    const message = `${nameOf('folder')}: "${path}" cannot be written to (${code}).`;
    throw configurationError('FOLDER_UNUSABLE', message, { cause });
  }
}
