import { opendir, stat } from 'node:fs/promises';
import { type Failure, transientFailure } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import type { WorkLedger } from '@orthanc-tools/work-ledger';

/** Whether the folder is there at all: it may be the disk of another machine. */
export interface FolderPresence {
  /** Remembers which file system it is on. @throws an error of the file system when it is not there */
  remember(): Promise<void>;
  /** Nothing is there, or an empty folder on another file system: the place at which a share is to be mounted. */
  isAway(): Promise<boolean>;
}

export const folderAway = (cause?: unknown): Failure =>
  transientFailure(
    'FOLDER_AWAY',
    `${nameOf('folderPath')}: the folder is not there at present, or it is empty and on another disk than before, as where a share is not mounted. ` +
      'Mount it; if it was emptied for good, put any file into it.',
    { scope: 'run', cause },
  );

const known = 'device';

/** With a ledger, the file system is remembered from run to run: a share may be away when a run begins. */
export function folderPresence(
  folder: Buffer,
  ledger?: Pick<WorkLedger, 'cursor' | 'setCursor'>,
): FolderPresence {
  let device = ledger?.cursor(known);
  return {
    async remember() {
      const now = await deviceOf(folder);
      if (now !== device) ledger?.setCursor(known, now);
      device = now;
    },
    async isAway() {
      try {
        return device !== undefined && (await deviceOf(folder)) !== device && (await isEmpty(folder));
      } catch {
        return true;
      }
    },
  };
}

const deviceOf = async (folder: Buffer): Promise<string> => String((await stat(folder)).dev);

async function isEmpty(folder: Buffer): Promise<boolean> {
  await using entries = await opendir(folder as unknown as string);
  return (await entries.read()) === null;
}
