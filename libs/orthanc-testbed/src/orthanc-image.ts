import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { connectEngine } from './docker-engine.ts';
import type { DockerEngine } from './docker-engine.ts';
import { withMachineLock } from './machine-lock.ts';
import type { OrthancVersion } from './running-orthanc.ts';
import { launcher, recipeTag, unpackedOrthanc } from './unpacked-orthanc.ts';

const publicImages: Readonly<Record<OrthancVersion, string>> = {
  '1.13': 'orthancteam/orthanc:26.9.1',
  '1.12': 'orthancteam/orthanc:25.8.2',
};

// A registry that shows no sign of life within this time is taken for absent.
const registryPatienceMs = 10_000;

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
    if (!choice.needsMovedClock && (await pull(engine, published, choice.say))) return published;
    await buildImage(engine, built, choice);
    return built;
  });
}

function builtImage(version: OrthancVersion): string {
  const launcherHash = createHash('sha256').update(readFileSync(launcher)).digest('hex');
  return `orthanc-tools/orthanc:${recipeTag(version)}-${launcherHash.slice(0, 8)}`;
}

async function hasImage(engine: DockerEngine, image: string): Promise<boolean> {
  return await engine
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}

async function pull(engine: DockerEngine, image: string, say: (line: string) => void): Promise<boolean> {
  const patience = new AbortController();
  const timer = setTimeout(() => {
    patience.abort();
  }, registryPatienceMs);
  try {
    const progress = (await engine.pull(image, { abortSignal: patience.signal })) as NodeJS.ReadableStream;
    progress.once('data', () => {
      clearTimeout(timer);
    });
    await engineFinished(engine, progress);
    return true;
  } catch {
    say(`No registry offers ${image} here; an image is built from Debian packages instead`);
    return false;
  } finally {
    clearTimeout(timer);
  }
}

async function engineFinished(engine: DockerEngine, progress: NodeJS.ReadableStream): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    (
      engine.modem as { followProgress: (s: NodeJS.ReadableStream, done: (error: unknown) => void) => void }
    ).followProgress(progress, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error(JSON.stringify(error)));
    });
  });
}

/** The same unpacked folder that native processes use, with the launcher as its entry point. */
async function buildImage(engine: DockerEngine, tag: string, { version, say }: ImageChoice): Promise<void> {
  const root = await unpackedOrthanc(version, say);
  say(`Importing it as image ${tag}`);
  const words = ['--create', '--owner=0', '--group=0', '--numeric-owner', '--directory', root, '.'];
  const tar = spawn('tar', [...words, '--directory', dirname(launcher), basename(launcher)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [repo, label] = tag.split(':');
  const changes = [
    `ENTRYPOINT ["/usr/bin/python3", "/${basename(launcher)}"]`,
    'ENV TCP_NODELAY=1 PATH=/usr/sbin:/usr/bin',
    'EXPOSE 4242 8042',
    'VOLUME /var/lib/orthanc/db',
  ];
  const progress = await engine.importImage(tar.stdout, { repo, tag: label, changes });
  await Promise.all([engineFinished(engine, progress), finished(tar.stdout)]);
}
