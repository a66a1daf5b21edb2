import type { ItemRow } from '@orthanc-tools/work-ledger';
import type { ClearAway } from './clear-away.ts';
import type { Disk } from './disk.ts';
import { below, pathOf } from './file-key.ts';

/**
 * Where a file is that the ledger knows of: taken away by the importer, or found to have gone, when it ended; or gone by
 * the hand of others, nobody knows when.
 */
export type Whereabouts = 'there' | 'taken' | 'gone' | 'unknown';

export type WhereIs = (file: Pick<ItemRow, 'key' | 'mark'>) => Promise<Whereabouts>;

export interface FolderToLookAt {
  readonly folder: Buffer;
  readonly disk: Disk;
  readonly clearAway: Pick<ClearAway, 'rests'> | undefined;
}

export const whereabouts =
  ({ folder, disk, clearAway }: FolderToLookAt): WhereIs =>
  async ({ key, mark }) => {
    // Without a mark it is gone; unless it could not be taken away.
    if (mark === '') return clearAway?.rests(key) === true ? 'there' : 'taken';
    try {
      await disk.look(below(folder, pathOf(key)));
      return 'there';
    } catch (error) {
      const { code, syscall } = error as NodeJS.ErrnoException;
      if (syscall === undefined) throw error;
      return code === 'ENOENT' || code === 'ENOTDIR' ? 'gone' : 'unknown';
    }
  };
