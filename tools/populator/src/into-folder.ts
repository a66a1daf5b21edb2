import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Failure, asFailure, configurationError } from '@orthanc-tools/failures';
import { makeFolder, nameOf } from '@orthanc-tools/tool-options';
import type { Destination, Fate } from './destination.ts';
import { fileOf } from './file-names.ts';
import type { MadeInstance, StudyInHand } from './made-instance.ts';
import { otherFileIn, otherStudyIn } from './other-files.ts';

const purpose = { option: 'output', code: 'OUTPUT_UNWRITABLE' };

/** @throws `OUTPUT_UNWRITABLE`; `OUTPUT_HOLDS_OTHERS` where there are studies beyond those of the run */
export function intoFolder(root: string, studies: number): Destination {
  makeFolder(root, purpose);
  refuse(otherStudyIn(root, studies));
  const made = new Set<string>();
  const lookedAt = new WeakSet<StudyInHand>();
  const write = async (one: MadeInstance): Promise<Fate> => {
    const { inHand } = one;
    // At once for all workers: nothing is awaited here.
    if (!lookedAt.has(inHand)) refuse(otherFileIn(root, inHand.study));
    lookedAt.add(inHand);
    const [below, name] = fileOf(one);
    const folder = join(root, below);
    if (!made.has(folder)) {
      makeFolder(folder, purpose);
      // Only the last few matter: instances come series by series.
      if (made.size > 1000) made.clear();
      made.add(folder);
    }
    return put(join(folder, name), one.instance.bytes);
  };
  return {
    batchLimits: { instances: 1, bytes: Infinity },
    async store(batch) {
      const fates: Fate[] = [];
      for (const one of batch) fates.push(await write(one));
      return fates;
    },
    complete: () => Promise.resolve(0),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** What is there under its name is whole, however the run ends, and is never replaced. */
async function put(path: string, bytes: Buffer): Promise<Fate> {
  try {
    const there = await stat(path).catch(ifMissing);
    if (there !== undefined) {
      const isSame = there.size === bytes.length && (await readFile(path)).equals(bytes);
      if (isSame) return 'alreadyThere';
      throw holdsOthers(path);
    }
    await writeFile(`${path}.part`, bytes);
    await rename(`${path}.part`, path);
  } catch (cause) {
    if (asFailure(cause) !== undefined) throw cause;
    await rm(`${path}.part`, { force: true }).catch(() => undefined);
    const message = `${nameOf('output')}: "${path}" cannot be written.`;
    throw configurationError('OUTPUT_UNWRITABLE', message, { cause });
  }
  return 'stored';
}

function ifMissing(error: unknown): undefined {
  if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
}

function refuse(other: string | undefined): void {
  if (other !== undefined) throw holdsOthers(other);
}

const holdsOthers = (path: string): Failure =>
  configurationError(
    'OUTPUT_HOLDS_OTHERS',
    `${nameOf('output')}: "${path}" is not of this run; give an empty folder, or that of a run with the same options.`,
  );
