import type { Worklist } from './worklist-content.ts';

/** What is to become of one worklist. */
export interface WorklistChange {
  readonly name: string;
  /** Undefined: it goes. */
  readonly worklist: Worklist | undefined;
}

export interface WorklistFile {
  readonly bytes: Buffer;
  /** In ms since 1970. */
  readonly writtenAt: number;
}

/** Where worklists are served from: a folder, or an Orthanc. */
export interface WorklistOutput {
  readonly describe: string;
  /**
   * Resolves when every change is durable. A change that is made twice is made once.
   * @throws transient failures `WORKLISTS_UNWRITABLE`, `WORKLISTS_DISK_FULL`, … when one of them could not be made; others may have been
   */
  apply(changes: readonly WorklistChange[]): Promise<void>;
  /** The names of ours that are there. */
  names(): Promise<ReadonlySet<string>>;
  /** The file of that name, where there are files: they outlive a journal. */
  read?(name: string): Promise<WorklistFile | undefined>;
  /** Removes what an interrupted process has left. */
  clean(): Promise<void>;
}

/** Names that this server gives: a readable part, and twelve digits. */
export const ownName = /^[A-Za-z0-9_-]{1,40}-[0-9a-f]{12}$/;

/** A name for a worklist that no path and no other order can hide behind. */
export function worklistName(readable: string, digest: string): string {
  const safe = readable
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40);
  return `${safe === '' ? 'order' : safe}-${digest}`;
}
