import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { configurationError } from '@orthanc-tools/failures';
import { nameOf } from './spellings.ts';

export interface FolderPurpose {
  /** Key of the option to change when the folder cannot be had. */
  readonly option: string;
  readonly code: string;
}

/**
 * Makes a folder, and its missing parents, for what an option names; one that is there already is as good.
 * Whether something can be written in it is not looked at.
 * @throws configuration failure with the given code, naming flag and variable
 */
export function makeFolder(folder: string, { option, code }: FolderPurpose): void {
  try {
    makeWithParents(resolve(folder));
    if (!statSync(folder).isDirectory()) throw new Error('it is a file');
  } catch (cause) {
    const message = `${nameOf(option)}: the folder "${folder}" cannot be made.`;
    throw configurationError(code, message, { cause });
  }
}

// Not Node's own `recursive`: where the system says ENOENT below a folder that exists, as /proc does, it tries for ever.
function makeWithParents(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeWithParents(parent);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(folder)) throw error;
  }
}
