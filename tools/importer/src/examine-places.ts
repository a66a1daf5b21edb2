import { constants } from 'node:fs';
import { access, opendir } from 'node:fs/promises';
import type { Finding } from '@orthanc-tools/failures';
import { finderFor } from '@orthanc-tools/server-examination';
import { nameOf } from '@orthanc-tools/tool-options';
import { tryFile, tryFolder } from '@orthanc-tools/tool-runtime';
import { isImported } from './check-done-folder.ts';
import type { WhenDone } from './clear-away.ts';

export interface Places {
  readonly folder: string;
  readonly ledgerPath: string;
  readonly manifest?: string | undefined;
  readonly errorsPath?: string | undefined;
  readonly whenDone: WhenDone;
  readonly doneFolder?: string | undefined;
}

/** Whether the folder can be read, and what is to be written can be. Leaves nothing. */
export async function examinePlaces(places: Places): Promise<Finding[]> {
  const { folder, ledgerPath, manifest, errorsPath, whenDone, doneFolder } = places;
  return [
    await folderFinding(folder),
    ...(whenDone === 'keep' ? [] : [await clearingFinding(folder)]),
    ...(whenDone === 'move' && doneFolder !== undefined ? [await doneFinding(doneFolder, folder)] : []),
    await fileFinding('ledger', ledgerPath, 'ledgerPath'),
    ...(manifest === undefined ? [] : [await fileFinding('manifest', manifest, 'manifest')]),
    ...(errorsPath === undefined ? [] : [await fileFinding('errors', errorsPath, 'errorsPath')]),
  ];
}

async function clearingFinding(path: string): Promise<Finding> {
  const find = finderFor('folder');
  try {
    await access(path, constants.W_OK | constants.X_OK);
    return find('clearing', 'ok', 'files in it can be taken away');
  } catch (error) {
    const found = `files in it cannot be taken away (${codeOf(error)})`;
    return find('clearing', 'problem', found, 'Let this user write to the folder and those below it.');
  }
}

async function doneFinding(path: string, imported: string): Promise<Finding> {
  const find = finderFor('done folder');
  if (await isImported(path, imported)) {
    const found = `${path} lies in the folder that is imported`;
    return find('folder', 'problem', found, `Give another folder with ${nameOf('doneFolder')}.`);
  }
  const place = await tryFolder(path);
  if (place.is === 'writable') return find('folder', 'ok', `${path} can be written to`);
  const remedy = `Give a folder that this user may write to with ${nameOf('doneFolder')}.`;
  return find('folder', 'problem', `${path} cannot be written to (${place.code})`, remedy);
}

async function folderFinding(path: string): Promise<Finding> {
  const find = finderFor('folder');
  try {
    await (await opendir(path)).close();
    return find('folder', 'ok', `${path} can be read`);
  } catch (error) {
    return find(
      'folder',
      'problem',
      `${path} cannot be read (${codeOf(error)})`,
      'Give this user the folder.',
    );
  }
}

async function fileFinding(subject: string, path: string, option: string): Promise<Finding> {
  const find = finderFor(subject);
  const place = await tryFile(path);
  if (place.is === 'writable') return find('file', 'ok', `${path} can be written`);
  const remedy = `Give a file in a folder that this user may write to with ${nameOf(option)}.`;
  return find('file', 'problem', `${path} cannot be written (${place.code})`, remedy);
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? 'unknown error');
