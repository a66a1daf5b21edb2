import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OrthancVersion } from './running-orthanc.ts';
import { recipeHash, unpackedRoot } from './unpacked-root.ts';

const recipeFolder = fileURLToPath(new URL('../../../docker/orthanc/', import.meta.url));
const recipe = join(recipeFolder, 'unpack-orthanc.sh');
const recipes = [recipe, join(recipeFolder, '../unpack-packages.sh')];

/** Writes the configuration and becomes Orthanc; the same for a native process and for an image. */
export const launcher = join(recipeFolder, 'launch-orthanc.py');

/** The Debian suite that carries a version. */
const suites: Readonly<Record<OrthancVersion, string>> = { '1.13': 'sid', '1.12': 'trixie' };

/** Changes whenever the folder would. */
export const recipeTag = (version: OrthancVersion): string => `${suites[version]}-${recipeHash(recipes)}`;

/**
 * The folder that holds a real Orthanc and all that it needs, made from Debian packages on first use.
 * Later uses need no network.
 * @throws configurationError ORTHANC_NOT_AVAILABLE with what is missing on this machine
 */
export const unpackedOrthanc = (version: OrthancVersion, say: (line: string) => void): Promise<string> =>
  unpackedRoot({
    name: 'orthanc',
    tag: recipeTag(version),
    script: recipe,
    suite: suites[version],
    failure: { code: 'ORTHANC_NOT_AVAILABLE', subject: `Orthanc ${version}` },
    onMaking: (folder) =>
      say(`Unpacking Orthanc ${version} from Debian packages (${suites[version]}), once, into ${folder}`),
  });
