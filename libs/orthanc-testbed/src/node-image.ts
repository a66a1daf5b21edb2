import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { configurationError } from '@orthanc-tools/failures';
import type { DockerEngine } from './docker-engine.ts';
import { hasImage, importRoot, pullImage } from './engine-images.ts';
import { withMachineLock } from './machine-lock.ts';
import { prepareOnce } from './prepare-once.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const dockerfile = join(root, 'docker/Dockerfile');
const recipe = join(root, 'docker/node/unpack-node.sh');
const madeFrom = [
  recipe,
  join(root, 'docker/unpack-packages.sh'),
  // The repository brings its own Node, as a program for this machine.
  join(root, 'node_modules/node/bin/node'),
];
const suite = 'trixie';

/** The image that tools are built on: the one that the Dockerfile names, else one made from Debian packages, once. */
export async function nodeImage(engine: DockerEngine, say: (line: string) => void): Promise<string> {
  const [, published = ''] = /^ARG BASE_IMAGE=(\S+)$/m.exec(readFileSync(dockerfile, 'utf8')) ?? [];
  const built = `orthanc-tools/node:${suite}-${recipeHash()}`;
  if (await hasImage(engine, published)) return published;
  if (await hasImage(engine, built)) return built;
  return await withMachineLock(join(tmpdir(), 'orthanc-testbed-node-image.lock'), async () => {
    if (await hasImage(engine, built)) return built;
    if (await pullImage(engine, published, say)) return published;
    const unpacked = await unpackedNode(say);
    say(`Importing it as image ${built}`);
    const changes = ['ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];
    await importRoot(engine, { root: unpacked, tag: built, changes });
    return built;
  });
}

function recipeHash(): string {
  const hash = createHash('sha256');
  for (const path of madeFrom) hash.update(readFileSync(path));
  return hash.digest('hex').slice(0, 12);
}

async function unpackedNode(say: (line: string) => void): Promise<string> {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'orthanc-tools', 'node', `${suite}-${recipeHash()}`);
  await prepareOnce(folder, async (unfinished) => {
    say(`Making the root of an image with Node from Debian packages (${suite}), once, in ${folder}`);
    const [script, , node] = madeFrom;
    try {
      await promisify(execFile)('/bin/sh', [String(script), suite, unfinished, String(node)]);
    } catch (error) {
      const why = (error as { stderr?: string }).stderr?.trim() ?? '';
      throw configurationError('NODE_IMAGE_NOT_AVAILABLE', `No image with Node could be made here: ${why}`, {
        cause: error,
      });
    }
  });
  return folder;
}
