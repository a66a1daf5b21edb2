// Each file that is loaded costs the start of a tool some milliseconds, and a bundler that splits makes one of every set of
// modules that the same parts share. What the command itself loads is always there: here, whatever is loaded later is taken to
// load it too, so that all of it falls into one file.
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { Loader, Metafile, Plugin } from 'esbuild';

/** All that is loaded together with a module, without what is loaded later. */
function loadedWith(entry: string, { inputs }: Metafile): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (path: string): void => {
    if (found.has(path) || inputs[path] === undefined) return;
    found.add(path);
    for (const { path: next, kind, external } of inputs[path].imports)
      if (external !== true && kind !== 'dynamic-import') walk(next);
  };
  walk(entry);
  return found;
}

const loadedLater = ({ inputs }: Metafile): string[] =>
  Object.values(inputs).flatMap(({ imports }) =>
    imports
      .filter(({ kind, external }) => kind === 'dynamic-import' && external !== true)
      .map(({ path }) => path),
  );

/** @param first what a build without this plugin has told of itself */
export function oneCore(main: string, first: Metafile): Plugin {
  const isModule = (path: string): boolean => first.inputs[path]?.format === 'esm';
  // What is not ours comes with what is.
  const isOurs = (path: string): boolean => isModule(path) && !path.includes('node_modules/');
  const core = [...loadedWith(main, first)].filter((path) => path !== main && isOurs(path));
  const anchors = core.map((path) => `import ${JSON.stringify(resolve(path))};`).join('\n');
  const later = new Set(
    loadedLater(first)
      .filter(isOurs)
      .map((path) => resolve(path)),
  );
  return {
    name: 'one-core',
    setup(build) {
      build.onLoad({ filter: /\.(ts|m?js)$/, namespace: 'file' }, async ({ path }) => {
        if (!later.has(path)) return undefined;
        const loader: Loader = extname(path) === '.ts' ? 'ts' : 'js';
        return { contents: `${await readFile(path, 'utf8')}\n${anchors}`, loader };
      });
    },
  };
}
