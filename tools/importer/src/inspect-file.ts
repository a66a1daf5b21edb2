import { opendir } from 'node:fs/promises';
import { asFailure, permanentFailure } from '@orthanc-tools/failures';
import type { Disk } from './disk.ts';
import { below, pathOf } from './file-key.ts';
import { type FolderPresence, folderAway, innerFolderAway } from './folder-presence.ts';
import { identifyFurther } from './identify.ts';
import { type OpenedFile, openFile, unreadable } from './open-file.ts';
import { type Outcome, aside } from './outcome.ts';
import { type ContentKind, recognize } from './recognize.ts';

/** What stands behind a key: its outcome where that is clear at once, otherwise the open file. */
export type Inspected =
  | { readonly outcome: Outcome }
  | { readonly file: OpenedFile; readonly kind: 'dicom' | 'zip' | 'gzip' | 'pdf' };

export interface InspectSettings {
  readonly folder: Buffer;
  readonly skipExtensions: readonly string[];
  readonly disk: Disk;
  readonly presence: FolderPresence;
  /** Files may still be on their way into the folder: what has changed since it was found is left for so long (ms). */
  readonly settleMs?: number | undefined;
  /** The keys of the folders that this look at everything could not read. */
  readonly unreadFolders: ReadonlySet<string>;
}

/** Why it is left, by what it is. */
export const junk: Readonly<
  Record<Exclude<ContentKind, 'dicom' | 'zip' | 'gzip' | 'pdf'>, readonly [string, string]>
> = {
  dicomdir: ['DICOMDIR', 'A DICOMDIR lists images and is none.'],
  other: ['NOT_DICOM', 'The content is not DICOM.'],
};

export const noFile = ['NOT_A_FILE', 'Neither a file nor a folder.'] as const;

/** At the end of the mark of a file that is skipped by its name: should it be wanted later, it has another mark. */
export const skippedMark = ' skipped';

export const isSkipped = (key: string, extensions: readonly string[]): boolean =>
  extensions.some((extension) => key.toLowerCase().endsWith(extension.toLowerCase()));

/**
 * Looks at a file and opens it where it is worth more than a look. Fails for what lies in the file system only when the
 * whole folder is away: transient `FOLDER_AWAY` of scope `run`.
 */
export async function inspectFile(
  key: string,
  { folder, skipExtensions, disk, presence, unreadFolders, settleMs }: InspectSettings,
): Promise<Inspected> {
  if (isSkipped(key, skipExtensions))
    return {
      outcome: aside('skipped', 0, ['EXTENSION_SKIPPED', 'Its name ends as --skip-extensions says.']),
    };
  const path = below(folder, pathOf(key.endsWith('/') ? key.slice(0, -1) : key));
  try {
    if (key.endsWith('/')) return { outcome: await lookAtFolder(path, unreadFolders.has(key)) };
    const odd = await lookAtPath(path, disk);
    if (odd !== undefined) return { outcome: odd };
    return await judge(await openFile(path, disk));
  } catch (error) {
    const outcome = unread(error);
    const mayBeAway = outcome.status === 'vanished' || outcome.status === 'refused';
    if (mayBeAway && (await presence.isAway())) throw folderAway(error);
    if (mayBeAway && (await presence.isAwayAround(key))) return { outcome: awayAround(settleMs) };
    return { outcome };
  }
}

/** Who watches waits for it; otherwise it is tried as often as anything. */
const awayAround = (settleMs: number | undefined): Outcome => ({
  status: 'refused',
  size: 0,
  failure: innerFolderAway(settleMs),
  isAwaited: settleMs !== undefined,
});

/**
 * A folder that could not be read, perhaps in an earlier run. Where this run could not read it either, that it can be
 * read by now is of no use: what is in it was not found.
 */
async function lookAtFolder(path: Buffer, isUnread: boolean): Promise<Outcome> {
  const failure = permanentFailure('FOLDER_UNREADABLE', 'The folder cannot be read.');
  const refused: Outcome = { status: 'refused', size: 0, failure };
  if (isUnread) return refused;
  try {
    await (await opendir(path as unknown as string)).close();
  } catch (error) {
    const outcome = unread(error);
    return outcome.status === 'vanished' ? outcome : refused;
  }
  const what = ['FOLDER_READ', 'The folder can be read again: what is in it has its own lines.'] as const;
  // Should it be locked again, it is to be looked at.
  return { ...aside('skipped', 0, what), mark: '' };
}

async function lookAtPath(path: Buffer, disk: Disk): Promise<Outcome | undefined> {
  const seen = await disk.look(path);
  if (seen.isDirectory()) return aside('skipped', 0, ['LINK_LOOP', 'A link to a folder in which it stands.']);
  if (!seen.isFile()) return aside('skipped', 0, noFile);
  return seen.size === 0 ? aside('not-dicom', 0, ['EMPTY', 'The file is empty.']) : undefined;
}

async function judge(file: OpenedFile): Promise<Inspected> {
  const kind = recognize(file.head);
  if (kind !== 'dicomdir' && kind !== 'other') {
    if (kind === 'dicom') await identifyWhole(file);
    return { file, kind };
  }
  await file[Symbol.asyncDispose]();
  return { outcome: aside('not-dicom', file.size, junk[kind]) };
}

async function identifyWhole(file: OpenedFile): Promise<void> {
  const { head, size, readTo } = file;
  if (readTo === undefined) return;
  try {
    await identifyFurther(head, { size, readTo });
  } catch (error) {
    await file[Symbol.asyncDispose]();
    throw error;
  }
}

function unread(error: unknown): Outcome {
  const failure = asFailure(error);
  if (failure !== undefined) return { status: 'refused', size: 0, failure };
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) throw error;
  if (code === 'ENOENT' || code === 'ENOTDIR') return aside('vanished', 0, ['VANISHED', 'No longer there.']);
  if (code === 'ELOOP') return aside('skipped', 0, ['LINK_LOOP', 'A link that leads to itself.']);
  return { status: 'refused', size: 0, failure: unreadable(code) };
}
