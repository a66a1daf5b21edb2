// Bundles one tool: node tools/bundle.ts tools/cloner. The libraries go inside, split so that --help loads little.
// What is already as it should be is not touched: a tool that runs, or is being packed, is not disturbed.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: bundle.ts FOLDER_OF_TOOL');
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
const outdir = join(folder, 'dist');

const { outputFiles } = await build({
  entryPoints: [join(folder, 'src/main.ts'), join(folder, 'src/index.ts')],
  outdir,
  write: false,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.13',
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'linked',
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
});

await mkdir(outdir, { recursive: true });
for (const { path, contents } of outputFiles)
  if (!existsSync(path) || !readFileSync(path).equals(contents)) await writeFile(path, contents);
const wanted = new Set(outputFiles.map(({ path }) => path));
for (const name of await readdir(outdir))
  if (!wanted.has(resolve(outdir, name))) await rm(join(outdir, name), { recursive: true });
