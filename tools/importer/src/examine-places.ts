import { constants } from 'node:fs';
import { access, mkdtemp, opendir, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { nameOf } from '@orthanc-tools/tool-options';
import type { DoctorFinding } from '@orthanc-tools/tool-runtime';
import type { WhenDone } from './clear-away.ts';
import { finderFor } from './finder.ts';

export interface Places {
  readonly folder: string;
  readonly ledgerPath: string;
  readonly manifest?: string | undefined;
  readonly errorsPath?: string | undefined;
  readonly whenDone: WhenDone;
  readonly doneFolder?: string | undefined;
}

/** Whether the folder can be read, and what is to be written can be. Leaves nothing. */
export async function examinePlaces(places: Places): Promise<DoctorFinding[]> {
  const { folder, ledgerPath, manifest, errorsPath, whenDone, doneFolder } = places;
  return [
    await folderFinding(folder),
    ...(whenDone === 'keep' ? [] : [await clearingFinding(folder)]),
    ...(whenDone === 'move' && doneFolder !== undefined ? [await doneFinding(doneFolder)] : []),
    await fileFinding('ledger', ledgerPath, 'ledgerPath'),
    ...(manifest === undefined ? [] : [await fileFinding('manifest', manifest, 'manifest')]),
    ...(errorsPath === undefined ? [] : [await fileFinding('errors', errorsPath, 'errorsPath')]),
  ];
}

async function clearingFinding(path: string): Promise<DoctorFinding> {
  const find = finderFor('folder');
  try {
    await access(path, constants.W_OK | constants.X_OK);
    return find('clearing', 'ok', 'files in it can be taken away');
  } catch (error) {
    const found = `files in it cannot be taken away (${codeOf(error)})`;
    return find('clearing', 'problem', found, 'Let this user write to the folder and those below it.');
  }
}

async function doneFinding(path: string): Promise<DoctorFinding> {
  const find = finderFor('done folder');
  try {
    await tryFolder(await nearestFolder(resolve(path)));
    return find('folder', 'ok', `${path} can be written to`);
  } catch (error) {
    const remedy = `Give a folder that this user may write to with ${nameOf('doneFolder')}.`;
    return find('folder', 'problem', `${path} cannot be written to (${codeOf(error)})`, remedy);
  }
}

async function folderFinding(path: string): Promise<DoctorFinding> {
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

async function fileFinding(subject: string, path: string, option: string): Promise<DoctorFinding> {
  const find = finderFor(subject);
  const remedy = `Give a file in a folder that this user may write to with ${nameOf(option)}.`;
  try {
    await tryFolder(await nearestFolder(dirname(resolve(path))));
    await access(path, constants.R_OK | constants.W_OK).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
    return find('file', 'ok', `${path} can be written`);
  } catch (error) {
    return find('file', 'problem', `${path} cannot be written (${codeOf(error)})`, remedy);
  }
}

/** What the rights say is not enough: a file system may be read-only. */
const tryFolder = async (folder: string): Promise<void> => rmdir(await mkdtemp(join(folder, '.doctor-')));

async function nearestFolder(folder: string): Promise<string> {
  try {
    await stat(folder);
    return folder;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    return nearestFolder(dirname(folder));
  }
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? 'unknown error');
