import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { configurationError } from '@orthanc-tools/failures';
import { prepareOnce } from './prepare-once.ts';

/** A folder that a recipe makes from Debian packages: the root of an image, or of native processes. */
export interface RootRecipe {
  /** Among the unpacked roots of this machine. */
  readonly name: string;
  /** Names this content of it; see `recipeHash`. */
  readonly tag: string;
  readonly script: string;
  /** Debian's; the script is told it, the folder, and these further words. */
  readonly suite: string;
  readonly more?: readonly string[];
  /** Of what cannot be made here. */
  readonly failure: { readonly code: string; readonly subject: string };
  /** Told the folder before the first time. */
  readonly onMaking?: (folder: string) => void;
}

/** Twelve digits that change whenever one of these files does. */
export function recipeHash(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(readFileSync(path));
  return hash.digest('hex').slice(0, 12);
}

/**
 * The folder, made on first use. Later uses need no network.
 * @throws configurationError with the code of the recipe, and what is missing on this machine
 */
export async function unpackedRoot(recipe: RootRecipe): Promise<string> {
  const { name, tag, script, suite, more = [], failure, onMaking } = recipe;
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'orthanc-tools', name, tag);
  await prepareOnce(folder, async (unfinished) => {
    onMaking?.(folder);
    try {
      const limits = { maxBuffer: 64 * 1024 * 1024 };
      await promisify(execFile)('/bin/sh', [script, suite, unfinished, ...more], limits);
    } catch (cause) {
      const why = (cause as { stderr?: string }).stderr?.trim() ?? '';
      throw configurationError(failure.code, `No ${failure.subject} could be made here: ${why}`, { cause });
    }
  });
  return folder;
}
