// Within libraries names become short, for the sake of their size. Ours stay as they are, for the stack of a defect: short ones
// with the full ones kept beside them (`keepNames`) cost a call for each function that is made, also within one that runs for
// each message or image.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Metafile, type Plugin, transform } from 'esbuild';

const library = /\/node_modules\/.*\.[cm]?js$/;

/**
 * To come last: a library that another plugin reads in its own way is left to that one.
 * @param first what a build without this plugin has told of itself
 */
export function shortNames({ inputs }: Metafile): Plugin {
  const formats = new Map(Object.entries(inputs).map(([path, { format }]) => [resolve(path), format]));
  return {
    name: 'short-names',
    setup(build) {
      build.onLoad({ filter: library, namespace: 'file' }, async ({ path }) => {
        const format = formats.get(path);
        if (format === undefined) return undefined;
        const { code } = await transform(await readFile(path, 'utf8'), { format, minifyIdentifiers: true });
        return { contents: code, loader: 'js' };
      });
    },
  };
}
