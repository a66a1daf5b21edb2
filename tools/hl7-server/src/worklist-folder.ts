import { open, readdir, rename, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { type DicomDictionary } from '@orthanc-tools/dicom-files';
import { asFailure, transientFailure } from '@orthanc-tools/failures';
import { type OutputCharset, worklistFile } from './worklist-content.ts';
import { type WorklistChange, type WorklistOutput, ownName } from './worklist-output.ts';

/** So many files at the same time: the disk makes several durable by one write of its own. */
const lanes = 32;

const fileOf = (name: string): string => `${name}.wl`;
const temporaryOf = (name: string): string => `.${name}.tmp`;
const temporary = /^\.([A-Za-z0-9_-]+)\.tmp$/;

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? 'unknown');

function named(error: unknown, folder: string): unknown {
  if (asFailure(error) !== undefined) return error;
  const code = codeOf(error);
  if (code === 'unknown') return error;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return transientFailure(
    isFull ? 'WORKLISTS_DISK_FULL' : 'WORKLISTS_UNWRITABLE',
    isFull
      ? `The disk that holds the folder ${folder} is full.`
      : `The folder ${folder} cannot be written (${code}).`,
    { scope: 'run', cause: error, facts: { systemCode: code } },
  );
}

/** Runs the work with so many things at a time; ends, when one fails, after those that had begun. */
async function inLanes<T>(things: readonly T[], work: (thing: T) => Promise<void>): Promise<void> {
  const next = things.values();
  let failure: { readonly reason: unknown } | undefined;
  const lane = async () => {
    for (const thing of next) {
      if (failure !== undefined) return;
      try {
        await work(thing);
      } catch (reason) {
        failure ??= { reason };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, things.length) }, lane));
  if (failure !== undefined) throw failure.reason;
}

async function writeSynced(path: string, content: Buffer): Promise<void> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'w', 0o644);
    await file.write(content, 0, content.length, 0);
    await file.datasync();
  } finally {
    await file?.close();
  }
}

export interface FolderSettings {
  readonly folder: string;
  readonly charset: OutputCharset;
  readonly dictionary: DicomDictionary;
}

/**
 * Worklists as `.wl` files for Orthanc's plugins. A file is written under a name that they do not read, made durable, and renamed; files of others
 * are neither read nor touched.
 */
export function worklistFolder({ folder, charset, dictionary }: FolderSettings): WorklistOutput {
  const place = (name: string) => join(folder, name);
  const syncFolder = async (): Promise<void> => {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  };
  const make = async ({ name, worklist }: WorklistChange): Promise<void> => {
    if (worklist === undefined) return;
    const path = place(temporaryOf(name));
    try {
      await writeSynced(path, worklistFile(worklist, charset, dictionary));
    } catch (error) {
      await unlink(path).catch(() => undefined);
      throw error;
    }
  };
  const remove = async (path: string): Promise<void> => {
    try {
      await unlink(path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  };
  const show = ({ name, worklist }: WorklistChange): Promise<void> =>
    worklist === undefined
      ? remove(place(fileOf(name)))
      : rename(place(temporaryOf(name)), place(fileOf(name)));
  return {
    describe: folder,
    async apply(changes) {
      if (changes.length === 0) return;
      try {
        await inLanes(changes, make);
        await inLanes(changes, show);
        await syncFolder();
      } catch (error) {
        for (const { name } of changes) await remove(place(temporaryOf(name))).catch(() => undefined);
        throw named(error, folder);
      }
    },
    async names() {
      try {
        const files = (await readdir(folder))
          .filter((name) => name.endsWith('.wl'))
          .map((name) => name.slice(0, -3));
        return new Set(files.filter((name) => ownName.test(name)));
      } catch (error) {
        throw named(error, folder);
      }
    },
    async clean() {
      try {
        for (const name of await readdir(folder))
          if (ownName.test(temporary.exec(name)?.[1] ?? '')) await remove(place(name));
      } catch (error) {
        throw named(error, folder);
      }
    },
  };
}
