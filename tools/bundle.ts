// Bundles one tool: node tools/bundle.ts tools/cloner. The libraries go inside, split so that --help loads little; beside the
// code lie the licences of what is inside, and a list of it for scanners.
// What is already as it should be is not touched: a tool that runs, or is being packed, is not disturbed.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { bundledPackages, listForScanners, textOfLicences } from './bundled-packages.ts';
import { lazyBuiltins } from './lazy-builtins.ts';
import { leanLibraries } from './lean-libraries.ts';
import { leanTables } from './lean-tables.ts';
import { oneCore } from './one-core.ts';
import { shortNames } from './short-names.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: bundle.ts FOLDER_OF_TOOL');
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
  name: string;
  version: string;
};
const outdir = join(folder, 'dist');

const main = join(folder, 'src/main.ts');

const options = {
  entryPoints: [main, join(folder, 'src/index.ts')],
  outdir,
  write: false,
  metafile: true,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.13',
  // The maps stay here: they are not packed.
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: 'linked',
  sourcesContent: false,
  // Whole licences stand in one file, in the place of what comments say of them.
  legalComments: 'none',
  define: {
    TOOL_VERSION: JSON.stringify(manifest.version),
    // Bundled CommonJS packages ask where they stand.
    __dirname: 'import.meta.dirname',
    __filename: 'import.meta.filename',
  },
  // Bundled CommonJS packages ask for Node's own modules by require.
  banner: {
    js: "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);",
  },
  logLevel: 'warning',
} as const satisfies BuildOptions;

const leaning = [lazyBuiltins, leanLibraries];
const { metafile: first } = await build({ ...options, plugins: [...leaning, leanTables()] });
const { outputFiles, metafile } = await build({
  ...options,
  plugins: [oneCore(main, first), ...leaning, leanTables(first), shortNames(first)],
});

const inside = bundledPackages(metafile);
const written = new Map<string, Uint8Array>(outputFiles.map(({ path, contents }) => [path, contents]));
written.set(resolve(outdir, 'THIRD-PARTY-LICENSES.txt'), Buffer.from(textOfLicences(inside)));
written.set(resolve(outdir, 'sbom.cdx.json'), Buffer.from(listForScanners(manifest, inside)));

await mkdir(outdir, { recursive: true });
for (const [path, contents] of written)
  if (!existsSync(path) || !readFileSync(path).equals(contents)) await writeFile(path, contents);
// The declarations are made by themselves, see declare.ts.
for (const name of await readdir(outdir))
  if (!written.has(resolve(outdir, name)) && name !== 'index.d.mts')
    await rm(join(outdir, name), { recursive: true });
