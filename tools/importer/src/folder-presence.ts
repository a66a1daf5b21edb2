import { opendir, stat } from 'node:fs/promises';
import { type Failure, transientFailure } from '@orthanc-tools/failures';
import { nameOf } from '@orthanc-tools/tool-options';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import { below, foldersAbove, pathOf } from './file-key.ts';

/** Whether the folder is there at all, and those in it that are on disks of their own: they may be of other machines. */
export interface FolderPresence {
  /**
   * Remembers which file system it is on; while it is empty, which it was on before.
   * @throws an error of the file system when it is not there
   */
  remember(): Promise<void>;
  /** Remembers likewise that a folder in it, by its key, is on another file system than the one above it. */
  rememberWithin(key: string, device: string): Promise<void>;
  /** Nothing is there, or an empty folder on another file system: the place at which a share is to be mounted. */
  isAway(): Promise<boolean>;
  /** The same of a folder on a disk of its own in which this file lies. */
  isAwayAround(key: string): Promise<boolean>;
}

const code = 'FOLDER_AWAY';

export const folderAway = (cause?: unknown): Failure =>
  transientFailure(
    code,
    `${nameOf('folderPath')}: the folder is not there at present, or it is empty and on another disk than before, as where a share is not mounted. ` +
      'Mount it; if it was emptied for good, put any file into it.',
    { scope: 'run', cause },
  );

/** Only the files in that folder have to wait. */
export const innerFolderAway = (retryAfterMs: number | undefined): Failure =>
  transientFailure(
    code,
    'A folder on a disk of its own, in which files were found, is not there at present, or it is empty and on another disk than before. ' +
      'Mount it; if it is gone for good, put any file into a folder in its place.',
    {
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  );

const known = 'device';
const knownWithin = (key: string): string => `${known} ${key}`;

export interface PresenceSettings {
  /** Where the file systems are remembered from run to run: a share may be away when a run begins. */
  readonly ledger?: Pick<WorkLedger, 'cursor' | 'setCursor'>;
  /** Told once of each folder on a disk of its own that is away, until it is back. */
  readonly onAwayWithin?: () => void;
}

export function folderPresence(
  folder: Buffer,
  { ledger, onAwayWithin }: PresenceSettings = {},
): FolderPresence {
  const devices = rememberedDevices(ledger);
  const toldAway = new Set<string>();
  const tellAway = (key: string): void => {
    if (!toldAway.has(key)) onAwayWithin?.();
    toldAway.add(key);
  };
  return {
    async remember() {
      const device = await deviceOf(folder);
      devices.forgetWalk();
      await devices.learn(known, device, folder);
    },
    async rememberWithin(key, device) {
      if (await devices.learn(knownWithin(key), device, below(folder, pathOf(key)))) toldAway.delete(key);
    },
    isAway: () => isMissing(folder, devices.before(known)),
    async isAwayAround(key) {
      for (const above of foldersAbove(key)) {
        if (!(await isMissing(below(folder, pathOf(above)), devices.before(knownWithin(above))))) continue;
        tellAway(above);
        return true;
      }
      return false;
    },
  };
}

function rememberedDevices(ledger: PresenceSettings['ledger']) {
  // To read a cursor writes all that was answered; of one walk after the other, only the folders of one are held.
  let devices = new Map<string, string | undefined>();
  const before = (name: string): string | undefined => {
    if (!devices.has(name)) devices.set(name, ledger?.cursor(name));
    return devices.get(name);
  };
  return {
    before,
    forgetWalk(): void {
      devices = new Map();
    },
    /** False for the place at which a share is not mounted: it may be on a third file system. */
    async learn(name: string, device: string, where: Buffer): Promise<boolean> {
      const remembered = before(name);
      if (remembered === device) return true;
      if (remembered !== undefined && !(await isFilled(where, device))) return false;
      ledger?.setCursor(name, device);
      devices.set(name, device);
      return true;
    },
  };
}

async function isMissing(folder: Buffer, device: string | undefined): Promise<boolean> {
  try {
    return device !== undefined && (await deviceOf(folder)) !== device && (await isEmpty(folder));
  } catch {
    return true;
  }
}

/** It may be mounted, or no longer, since it was seen on that file system. */
async function isFilled(folder: Buffer, device: string): Promise<boolean> {
  try {
    return !(await isEmpty(folder)) && (await deviceOf(folder)) === device;
  } catch {
    return false;
  }
}

const deviceOf = async (folder: Buffer): Promise<string> => String((await stat(folder)).dev);

async function isEmpty(folder: Buffer): Promise<boolean> {
  await using entries = await opendir(folder as unknown as string);
  return (await entries.read()) === null;
}
