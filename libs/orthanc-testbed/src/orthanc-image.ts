import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { connectEngine } from './docker-engine.ts';
import type { DockerEngine } from './docker-engine.ts';
import { hasImage, importRoot, pullImage } from './engine-images.ts';
import { withMachineLock } from './machine-lock.ts';
import type { OrthancVersion } from './running-orthanc.ts';
import { launcher, recipeTag, unpackedOrthanc } from './unpacked-orthanc.ts';

const publicImages: Readonly<Record<OrthancVersion, string>> = {
  '1.13': 'orthancteam/orthanc:26.9.1',
  '1.12': 'orthancteam/orthanc:25.8.2',
};

export interface ImageChoice {
  readonly version: OrthancVersion;
  /** The public image has no libfaketime. */
  readonly needsMovedClock: boolean;
  readonly say: (line: string) => void;
}

/** `ORTHANC_IMAGE`, else the public image where it can be had, else one built from Debian packages, once. */
export async function orthancImage(choice: ImageChoice): Promise<string> {
  const wanted = process.env['ORTHANC_IMAGE'];
  if (wanted !== undefined && wanted !== '' && !choice.needsMovedClock) return wanted;
  const engine = await connectEngine();
  const published = publicImages[choice.version];
  const built = builtImage(choice.version);
  if (!choice.needsMovedClock && (await hasImage(engine, published))) return published;
  if (await hasImage(engine, built)) return built;
  return await withMachineLock(join(tmpdir(), 'orthanc-testbed-image.lock'), async () => {
    if (await hasImage(engine, built)) return built;
    if (!choice.needsMovedClock && (await pullImage(engine, published, choice.say))) return published;
    await buildImage(engine, built, choice);
    return built;
  });
}

function builtImage(version: OrthancVersion): string {
  const launcherHash = createHash('sha256').update(readFileSync(launcher)).digest('hex');
  return `orthanc-tools/orthanc:${recipeTag(version)}-${launcherHash.slice(0, 8)}`;
}

/** The same unpacked folder that native processes use, with the launcher as its entry point. */
async function buildImage(engine: DockerEngine, tag: string, { version, say }: ImageChoice): Promise<void> {
  const root = await unpackedOrthanc(version, say);
  say(`Importing it as image ${tag}`);
  const changes = [
    `ENTRYPOINT ["/usr/bin/python3", "/${basename(launcher)}"]`,
    'ENV TCP_NODELAY=1 PATH=/usr/sbin:/usr/bin',
    'EXPOSE 4242 8042',
    'VOLUME /var/lib/orthanc/db',
  ];
  const added = ['--directory', dirname(launcher), basename(launcher)];
  await importRoot(engine, { root, added, tag, changes });
}
