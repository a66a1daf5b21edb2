// Bundles one tool: node tools/bundle.ts tools/cloner. The libraries go inside, split so that --help loads little.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: bundle.ts FOLDER_OF_TOOL');
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
const outdir = join(folder, 'dist');

await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: [join(folder, 'src/main.ts'), join(folder, 'src/index.ts')],
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.13',
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'linked',
  define: { TOOL_VERSION: JSON.stringify(manifest.version) },
  // Bundled CommonJS packages ask for Node's own modules by require.
  banner: {
    js: "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
