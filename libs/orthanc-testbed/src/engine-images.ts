import { spawn } from 'node:child_process';
import { finished } from 'node:stream/promises';
import type { DockerEngine } from './docker-engine.ts';

// A registry that shows no sign of life within this time is taken for absent.
const registryPatienceMs = 10_000;

export async function hasImage(engine: DockerEngine, image: string): Promise<boolean> {
  return await engine
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}

/** False, and a word about it, where no registry has it. */
export async function pullImage(
  engine: DockerEngine,
  image: string,
  say: (line: string) => void,
): Promise<boolean> {
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

/** Waits for the end of what the engine tells of. @throws what the engine calls an error */
export async function engineFinished(engine: DockerEngine, progress: NodeJS.ReadableStream): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    (
      engine.modem as { followProgress: (s: NodeJS.ReadableStream, done: (error: unknown) => void) => void }
    ).followProgress(progress, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(error instanceof Error ? error : new Error(JSON.stringify(error)));
    });
  });
}

interface ImportedRoot {
  /** The folder that becomes the root. */
  readonly root: string;
  /** Further words for tar, to add files from elsewhere. */
  readonly added?: readonly string[];
  readonly tag: string;
  /** Instructions as in a Dockerfile. */
  readonly changes: readonly string[];
}

/** Makes an image of one layer from a folder. */
export async function importRoot(
  engine: DockerEngine,
  { root, added = [], tag, changes }: ImportedRoot,
): Promise<void> {
  const tar = packFiles(['--directory', root, '.', ...added]);
  const [repo, label] = tag.split(':');
  const progress = await engine.importImage(tar, { repo, tag: label, changes: [...changes] });
  await Promise.all([engineFinished(engine, progress), finished(tar)]);
}

/** What the engine takes as an image or as a build context: files that belong to nobody here. */
export function packFiles(words: readonly string[]): NodeJS.ReadableStream {
  const ownership = ['--owner=0', '--group=0', '--numeric-owner'];
  return spawn('tar', ['--create', ...ownership, ...words], { stdio: ['ignore', 'pipe', 'inherit'] }).stdout;
}
