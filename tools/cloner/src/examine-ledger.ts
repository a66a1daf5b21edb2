import { constants } from 'node:fs';
import { access, mkdtemp, rmdir, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { DoctorFinding } from '@orthanc-tools/tool-runtime';
import { finderFor, inMegabytes } from './examine-finding.ts';
import type { LedgerPlace } from './ledger-place.ts';

const find = finderFor('ledger');
const littleSpace = 500 * 1024 * 1024;

/** Whether the folder of the ledger can be written to and has room: a million studies need about 250 MB. Leaves nothing. */
export async function examineLedger({ path, pythonState }: LedgerPlace): Promise<DoctorFinding[]> {
  const folder = dirname(resolve(path));
  try {
    const standing = await nearestFolder(folder);
    await tryToWrite(standing);
    const note = pythonState === undefined ? '' : '; all that the Python tool has copied is proved again';
    return [await fileFinding(path, note), await spaceFinding(standing)];
  } catch (error) {
    return [
      find(
        'folder',
        'problem',
        `${folder} cannot be written to (${codeOf(error)})`,
        'Give a file in a folder that this user may write to with --ledger-path (LEDGER_PATH), in Docker on a volume.',
      ),
    ];
  }
}

/** The folder, or the one in which a run would make it. */
async function nearestFolder(folder: string): Promise<string> {
  try {
    await stat(folder);
    return folder;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    return nearestFolder(dirname(folder));
  }
}

/** Permissions alone do not tell: the file system may be read-only, full, or somebody else's. */
async function tryToWrite(folder: string): Promise<void> {
  await rmdir(await mkdtemp(join(folder, '.doctor-')));
}

async function fileFinding(path: string, note: string): Promise<DoctorFinding> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return find('folder', 'ok', `${path} is there and can be written to${note}`);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return find('folder', 'ok', `${path} can be made${note}`);
    return find(
      'folder',
      'problem',
      `${path} cannot be written to (${codeOf(error)})`,
      'Give this user the file.',
    );
  }
}

async function spaceFinding(folder: string): Promise<DoctorFinding> {
  const { bavail, bsize } = await statfs(folder);
  const found = `${inMegabytes(bavail * bsize)} in ${folder}`;
  return bavail * bsize < littleSpace
    ? find('free space', 'warning', found, 'A million studies need about 250 MB: make room.')
    : find('free space', 'ok', found);
}

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? 'unknown error');
