import { closeSync, constants, fsync, openSync, renameSync, unlinkSync, write as writeToFile } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type DicomDictionary } from '@orthanc-tools/dicom-files';
import { allEnded, asFailure, transientFailure } from '@orthanc-tools/failures';
import { hl7Failure } from '@orthanc-tools/hl7-messages';
import { type OutputCharset, type Worklist, worklistFile } from './worklist-content.ts';
import { type WorklistChange, type WorklistOutput, ownName } from './worklist-output.ts';

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

const [sync, write] = [promisify(fsync), promisify(writeToFile)];

/** What is written is on the disk when the write returns (open(2), O_DSYNC): one call of another thread for each file. */
const forDurableWriting = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_DSYNC;

async function writeWhole(descriptor: number, content: Buffer): Promise<void> {
  for (let at = 0; at < content.length;)
    at += (await write(descriptor, content, at, content.length - at)).bytesWritten;
}

/** Opening and closing reach no disk: to hand each of them to another thread costs more than they do. */
async function writeSynced(
  files: readonly { readonly path: string; readonly content: Buffer }[],
): Promise<void> {
  const open: { readonly descriptor: number; readonly content: Buffer }[] = [];
  try {
    // All are opened before the first is written: who opens a file meanwhile waits for the disk too.
    for (const { path, content } of files)
      open.push({ descriptor: openSync(path, forDurableWriting, 0o644), content });
    // None must be closed while it is written.
    await allEnded(open.map(({ descriptor, content }) => writeWhole(descriptor, content)));
  } finally {
    for (const { descriptor } of open) closeSync(descriptor);
  }
}

/** In bytes: no message makes a larger one. */
const largestWorklist = 64 * 1024 * 1024;

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
    const handle = openSync(folder, 'r');
    try {
      await sync(handle);
    } finally {
      closeSync(handle);
    }
  };
  const remove = (path: string): void => {
    try {
      unlinkSync(path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  };
  const removeQuietly = (path: string): void => {
    try {
      remove(path);
    } catch {
      // The failure that led here is the one to tell.
    }
  };
  const show = ({ name, worklist }: WorklistChange): void =>
    worklist === undefined
      ? remove(place(fileOf(name)))
      : renameSync(place(temporaryOf(name)), place(fileOf(name)));
  const encode = (worklist: Worklist): Buffer => {
    try {
      return worklistFile(worklist, charset, dictionary);
    } catch (error) {
      if (codeOf(error) !== 'ERR_OUT_OF_RANGE' && !(error instanceof RangeError)) throw error;
      throw hl7Failure('dataType', 'A value of the order is larger than a worklist can hold.');
    }
  };
  return {
    describe: folder,
    async apply(changes) {
      if (changes.length === 0) return;
      // Before anything is written: what cannot be encoded is no failure of the folder.
      const files = changes.flatMap(({ name, worklist }) =>
        worklist === undefined ? [] : [{ path: place(temporaryOf(name)), content: encode(worklist) }],
      );
      try {
        await writeSynced(files);
        for (const change of changes) show(change);
        await syncFolder();
      } catch (error) {
        for (const { name } of changes) removeQuietly(place(temporaryOf(name)));
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
    async read(name) {
      const path = place(fileOf(name));
      try {
        const { mtimeMs, size } = await stat(path);
        if (size > largestWorklist) return undefined;
        return { bytes: await readFile(path), writtenAt: Math.floor(mtimeMs) };
      } catch {
        // A folder, a file that may not be read, one that is gone: not to be taken in.
        return undefined;
      }
    },
    async clean() {
      try {
        for (const name of await readdir(folder))
          if (ownName.test(temporary.exec(name)?.[1] ?? '')) remove(place(name));
      } catch (error) {
        throw named(error, folder);
      }
    },
  };
}
