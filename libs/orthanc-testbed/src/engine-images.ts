import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { DockerEngine } from './docker-engine.ts';
import { withMachineLock } from './machine-lock.ts';

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
    await engineFinished(progress);
    return true;
  } catch {
    say(`No registry offers ${image} here; an image is built from Debian packages instead`);
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits for the end of what the engine tells of, one JSON object a line. The answer itself was a 200 long before it.
 * @throws what the engine calls an error, and where the connection is cut off
 */
export async function engineFinished(progress: NodeJS.ReadableStream): Promise<void> {
  progress.setEncoding('utf8');
  let rest = '';
  for await (const chunk of progress) {
    const lines = `${rest}${String(chunk)}`.split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(refuseError);
  }
  refuseError(rest);
}

function refuseError(line: string): void {
  if (line.trim() === '') return;
  const { error } = JSON.parse(line) as { error?: string };
  if (error !== undefined) throw new Error(error);
}

/**
 * Runs `work` while no other process of this machine builds or removes an image: the engine's classic builder takes
 * over layers of earlier builds, and fails where these are removed meanwhile.
 */
export async function oneImageAtATime<T>(work: () => Promise<T>): Promise<T> {
  return await withMachineLock(join(tmpdir(), 'orthanc-testbed-tool-image.lock'), work);
}

export async function removeImage(engine: DockerEngine, image: string): Promise<void> {
  await oneImageAtATime(async () => {
    await engine.getImage(image).remove();
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
  await Promise.all([engineFinished(progress), finished(tar)]);
}

/** What the engine takes as an image or as a build context: files that belong to nobody here. */
export function packFiles(words: readonly string[]): NodeJS.ReadableStream {
  const ownership = ['--owner=0', '--group=0', '--numeric-owner'];
  return spawn('tar', ['--create', ...ownership, ...words], { stdio: ['ignore', 'pipe', 'inherit'] }).stdout;
}
