// What libraries prepare when they are merely imported, and what is hardly ever needed here: a tenth of the start of a tool. It
// is prepared when it is asked for. Whoever updates such a library is told by the build where it no longer reads as expected, or lies elsewhere.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

interface Change {
  /** The name of the package, wherever it lies. */
  readonly library: string;
  readonly path: RegExp;
  /** Each with what stands in its place. */
  readonly replace: readonly (readonly [RegExp, string])[];
}

const changes: readonly Change[] = [
  {
    library: 'string-width',
    // Node's tables of graphemes and emojis: text that is plain ASCII is measured without them.
    path: /node_modules\/yargs\/node_modules\/string-width\/index\.js$/,
    replace: [
      [
        /^const segmenter = new Intl\.Segmenter\(\);$/m,
        'let made; const segmenter = { segment: (text) => (made ??= new Intl.Segmenter()).segment(text) };',
      ],
      [
        /^const rgiEmojiRegex = (\/.*\/v);$/m,
        'let emojis; const rgiEmojiRegex = { test: (text) => (emojis ??= $1).test(text) };',
      ],
    ],
  },
  {
    library: 'axios',
    // Tries out Node's own fetch, which loads a whole HTTP client: requests go by the adapter "http".
    path: /node_modules\/axios\/lib\/adapters\/fetch\.js$/,
    replace: [[/^[\s\S]*$/, 'export const getFetch = () => false;\nexport default false;\n']],
  },
  {
    library: 'axios',
    // Looks for Node's own form data, and loads the same client for it: no form is sent.
    path: /node_modules\/axios\/lib\/utils\.js$/,
    replace: [[/^const FormDataCtor = .*;$/m, 'const FormDataCtor = undefined;']],
  },
];

/** The parser of command lines brings an older one too, for a part of itself, that measures all text by those tables. */
const newestStringWidth = () => {
  const yargs = createRequire(createRequire(import.meta.url).resolve('yargs'));
  return yargs.resolve('string-width');
};

export const leanLibraries: Plugin = {
  name: 'lean-libraries',
  setup(build) {
    build.onResolve({ filter: /^string-width$/ }, ({ importer }) =>
      /yargs|cliui|wrap-ansi/.test(dirname(importer)) ? { path: newestStringWidth() } : undefined,
    );
    const made = new Set<Change>();
    for (const change of changes) {
      const { path, replace } = change;
      build.onLoad({ filter: path }, async (found) => {
        made.add(change);
        let contents = await readFile(found.path, 'utf8');
        for (const [from, to] of replace) {
          if (!from.test(contents)) throw new Error(`${found.path} no longer reads as ${String(from)}`);
          contents = contents.replace(from, to);
        }
        return { contents, loader: 'js' };
      });
    }
    build.onEnd(({ metafile }) => {
      const inside = Object.keys(metafile?.inputs ?? {});
      const missed = changes.filter(
        (change) =>
          !made.has(change) && inside.some((path) => path.includes(`node_modules/${change.library}/`)),
      );
      const errors = missed.map(({ library, path }) => ({
        text: `of ${library}, no file is at ${String(path)}`,
      }));
      return { errors };
    });
  },
};
