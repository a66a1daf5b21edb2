import { opendir, stat } from 'node:fs/promises';
import { type Failure, transientFailure } from '@orthanc-tools/failures';

/** Whether the folder is there at all: it may be the disk of another machine. */
export interface FolderPresence {
  /** Remembers which file system it is on. @throws an error of the file system when it is not there */
  remember(): Promise<void>;
  isAway(): Promise<boolean>;
  /** There is a folder, and nothing in it: also the place at which a share is to be mounted. */
  isEmpty(): Promise<boolean>;
}

export const folderAway = (cause?: unknown): Failure =>
  transientFailure('FOLDER_AWAY', 'The folder that is imported is not there at present.', {
    scope: 'run',
    cause,
  });

export function folderPresence(folder: Buffer): FolderPresence {
  let device: number | undefined;
  return {
    async remember() {
      device = (await stat(folder)).dev;
    },
    isEmpty: () => isEmpty(folder).catch(() => false),
    async isAway() {
      try {
        const { dev } = await stat(folder);
        // An empty folder on another file system is the place at which it is mounted.
        return (await isEmpty(folder)) && device !== undefined && dev !== device;
      } catch {
        return true;
      }
    },
  };
}

async function isEmpty(folder: Buffer): Promise<boolean> {
  await using entries = await opendir(folder as unknown as string);
  return (await entries.read()) === null;
}
