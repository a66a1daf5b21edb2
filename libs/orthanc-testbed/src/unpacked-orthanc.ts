import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { configurationError } from '@orthanc-tools/failures';
import { prepareOnce } from './prepare-once.ts';
import type { OrthancVersion } from './running-orthanc.ts';

const recipeFolder = fileURLToPath(new URL('../../../docker/orthanc/', import.meta.url));
const recipe = join(recipeFolder, 'unpack-orthanc.sh');
const recipes = [recipe, join(recipeFolder, '../unpack-packages.sh')];

/** Writes the configuration and becomes Orthanc; the same for a native process and for an image. */
export const launcher = join(recipeFolder, 'launch-orthanc.py');

/** The Debian suite that carries a version. */
const suites: Readonly<Record<OrthancVersion, string>> = { '1.13': 'sid', '1.12': 'trixie' };

/** Changes whenever the folder would. */
export function recipeTag(version: OrthancVersion): string {
  const hash = createHash('sha256');
  for (const path of recipes) hash.update(readFileSync(path));
  return `${suites[version]}-${hash.digest('hex').slice(0, 12)}`;
}

/**
 * The folder that holds a real Orthanc and all that it needs, made from Debian packages on first use.
 * Later uses need no network.
 * @throws configurationError ORTHANC_NOT_AVAILABLE with what is missing on this machine
 */
export async function unpackedOrthanc(version: OrthancVersion, say: (line: string) => void): Promise<string> {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'orthanc-tools', 'orthanc', recipeTag(version));
  await prepareOnce(folder, async (unfinished) => {
    say(`Unpacking Orthanc ${version} from Debian packages (${suites[version]}), once, into ${folder}`);
    try {
      await promisify(execFile)('/bin/sh', [recipe, suites[version], unfinished], {
        maxBuffer: 64 * 1024 * 1024,
      });
    } catch (error) {
      const why = (error as { stderr?: string }).stderr?.trim() ?? '';
      throw configurationError('ORTHANC_NOT_AVAILABLE', `No Orthanc ${version} could be made here: ${why}`, {
        cause: error,
      });
    }
  });
  return folder;
}
