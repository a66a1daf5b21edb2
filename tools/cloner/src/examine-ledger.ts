import { constants } from 'node:fs';
import { access, mkdir, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DoctorFinding } from '@orthanc-tools/tool-runtime';

const subject = 'ledger';
const littleSpace = 500 * 1024 * 1024;

/** Whether the folder of the ledger can be written to and has room: a million studies need about 250 MB. */
export async function examineLedger(path: string): Promise<DoctorFinding[]> {
  const folder = dirname(path);
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch {
    const remedy =
      'Give a file in a folder that this user may write to with --ledger-path (LEDGER_PATH), in Docker on a volume.';
    return [{ subject, check: 'folder', verdict: 'fault', found: `${folder} cannot be written to`, remedy }];
  }
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const found = `${String(Math.round(free / 1e6))} MB free in ${folder}`;
  return [
    { subject, check: 'folder', verdict: 'ok', found: path },
    free < littleSpace
      ? {
          subject,
          check: 'free space',
          verdict: 'warning',
          found,
          remedy: 'A million studies need about 250 MB: make room.',
        }
      : { subject, check: 'free space', verdict: 'ok', found },
  ];
}
