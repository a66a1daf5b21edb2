import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DockerEngine } from './docker-engine.ts';
import { hasImage, importRoot, pullImage } from './engine-images.ts';
import { withMachineLock } from './machine-lock.ts';
import { recipeHash, unpackedRoot } from './unpacked-root.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const dockerfile = join(root, 'docker/Dockerfile');
const recipe = join(root, 'docker/node/unpack-node.sh');
const madeFrom = [
  recipe,
  join(root, 'docker/unpack-packages.sh'),
  // The repository brings its own Node, as a program for this machine.
  join(root, 'node_modules/node/bin/node'),
] as const;
const suite = 'trixie';

/** The image that tools are built on: the one that the Dockerfile names, else one made from Debian packages, once. */
export async function nodeImage(engine: DockerEngine, say: (line: string) => void): Promise<string> {
  const [, published = ''] = /^ARG BASE_IMAGE=(\S+)$/m.exec(readFileSync(dockerfile, 'utf8')) ?? [];
  const tag = `${suite}-${recipeHash(madeFrom)}`;
  const built = `orthanc-tools/node:${tag}`;
  if (await hasImage(engine, published)) return published;
  if (await hasImage(engine, built)) return built;
  return await withMachineLock(join(tmpdir(), 'orthanc-testbed-node-image.lock'), async () => {
    if (await hasImage(engine, built)) return built;
    if (await pullImage(engine, published, say)) return published;
    const unpacked = await unpackedNode(tag, say);
    say(`Importing it as image ${built}`);
    const changes = ['ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];
    await importRoot(engine, { root: unpacked, tag: built, changes });
    return built;
  });
}

async function unpackedNode(tag: string, say: (line: string) => void): Promise<string> {
  const [script, , node] = madeFrom;
  return await unpackedRoot({
    name: 'node',
    tag,
    script,
    suite,
    more: [node],
    failure: { code: 'NODE_IMAGE_NOT_AVAILABLE', subject: 'image with Node' },
    onMaking: (folder) =>
      say(`Making the root of an image with Node from Debian packages (${suite}), once, in ${folder}`),
  });
}
