import { spawnSync } from 'node:child_process';

/**
 * Asks ext4 to put each folder that is made in this one, with what is made in it, into a part of the disk of its own (chattr(1),
 * `T`). It passes over the numbers of files that were removed within the last minutes, one by one, when it makes a new one nearby:
 * where an Orthanc with thousands of files was removed, the next one pays up to half a millisecond for each file. Other file
 * systems do not know this, and need it less.
 */
export function spreadFolders(path: string): void {
  spawnSync('chattr', ['+T', path], { stdio: 'ignore' });
}
