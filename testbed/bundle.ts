// Bundles the testbed for others: node testbed/bundle.ts. The folders stand in dist as they do in the repository, as the code finds
// its recipes and plugins by their places.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundledPackages, listForScanners, textOfLicences } from '../tools/bundled-packages.ts';
import { declarationsOf } from '../tools/write-declarations.ts';
import manifest from './package.json' with { type: 'json' };

const outdir = 'testbed/dist';
const lib = 'libs/orthanc-testbed';
const beside = [
  'docker/unpack-packages.sh',
  'docker/orthanc',
  'docker/node',
  'docker/Dockerfile',
  `${lib}/plugins`,
];

await rm(outdir, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ['testbed/src/index.ts'],
  outfile: join(outdir, lib, 'src/index.mjs'),
  bundle: true,
  metafile: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.22',
  external: Object.keys(manifest.dependencies),
  logLevel: 'warning',
});
for (const place of beside) await cp(place, join(outdir, place), { recursive: true });
await mkdir(outdir, { recursive: true });
const inside = bundledPackages(metafile);
await writeFile(join(outdir, 'THIRD-PARTY-LICENSES.txt'), textOfLicences(inside));
await writeFile(join(outdir, 'sbom.cdx.json'), listForScanners(manifest, inside));
await writeFile(join(outdir, 'index.d.mts'), declarationsOf('testbed/src/index.ts', {}));
