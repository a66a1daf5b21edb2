import type { Stats } from 'node:fs';
import { lstat, realpath, unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Clock } from '@orthanc-tools/scheduling';
import type { Logger } from '@orthanc-tools/telemetry';
import { below, pathOf } from './file-key.ts';
import { moveFile } from './move-file.ts';
import { markOf } from './walk-folder.ts';

export type WhenDone = 'keep' | 'move' | 'delete';

/** A file as it was seen before it was opened. */
export type Seen = Pick<Stats, 'dev' | 'ino' | 'size' | 'mtimeMs' | 'ctimeMs'>;

/** Takes files out of the folder whose content is proved at Orthanc. */
export interface ClearAway {
  readonly whenDone: Exclude<WhenDone, 'keep'>;
  /** What stands there now, if it is a file of this folder; not where a link leads out of it, or is the file itself. */
  look(key: string): Promise<Seen | undefined>;
  /** The file is about to be answered for and cleared: a list of the folder may still name it. */
  announce(key: string, seen: Seen): void;
  /** Whether the list names what was cleared since it was begun: it is gone by our own doing, and not to be looked for. */
  wasAnnounced(key: string, mark: string): boolean;
  /** A page of the list was dealt with. What was cleared before the page before it cannot be in the next one. */
  turnPage(): void;
  /** Only when the file is still the one that was seen. What was answered for it must be durable before. */
  clear(key: string, seen: Seen): Promise<void>;
  /** It could not be cleared lately: not to be tried again yet. */
  rests(key: string): boolean;
  readonly counts: { clearedFiles: number; leftFiles: number };
}

export interface ClearAwaySettings {
  readonly folder: Buffer;
  readonly whenDone: Exclude<WhenDone, 'keep'>;
  /** For `move`. */
  readonly doneFolder: string | undefined;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Files that cannot be cleared are tried again after this time (ms). */
const restMs = 10 * 60_000;
const mostResting = 10_000;

export function clearAway({ folder, whenDone, doneFolder, log, clock }: ClearAwaySettings): ClearAway {
  const counts = { clearedFiles: 0, leftFiles: 0 };
  const resting = new Map<string, number>();
  const now = () => clock.now().getTime();
  // Of this page, of the one before, and of the one before that, as folders are read ahead.
  let announced: Map<string, string>[] = [new Map(), new Map(), new Map()];

  const pathFor = (key: string): Buffer => below(folder, pathOf(key));
  async function remove(key: string): Promise<void> {
    if (doneFolder === undefined) await unlink(pathFor(key));
    else await moveFile(pathFor(key), below(Buffer.from(resolve(doneFolder)), pathOf(key)));
  }
  function leave(key: string, error: unknown): void {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    counts.leftFiles += 1;
    if (resting.size >= mostResting) resting.delete(resting.keys().next().value ?? '');
    resting.set(key, now() + restMs);
    // No key: a path may hold a patient's name.
    log.warn('file.left', { code: 'FILE_NOT_CLEARED', system: code, whenDone });
  }
  return {
    whenDone,
    counts,
    look: (key) => lookWithin(folder, pathFor(key)),
    announce: (key, seen) => void announced[0]?.set(key, markOf(seen)),
    wasAnnounced: (key, mark) => announced.some((page) => page.get(key) === mark),
    turnPage: () => (announced = [new Map(), ...announced.slice(0, 2)]),
    async clear(key, seen) {
      try {
        if (!isSame(seen, await lookWithin(folder, pathFor(key)))) return;
        await remove(key);
        resting.delete(key);
        counts.clearedFiles += 1;
      } catch (error) {
        leave(key, error);
      }
    },
    rests(key) {
      const until = resting.get(key);
      if (until !== undefined && until <= now()) resting.delete(key);
      return resting.has(key);
    },
  };
}

async function lookWithin(folder: Buffer, path: Buffer): Promise<Seen | undefined> {
  try {
    const seen = await lstat(path);
    if (!seen.isFile()) return undefined;
    const [root, real] = await Promise.all([realpath(folder, 'buffer'), realpath(path, 'buffer')]);
    const start = Buffer.concat([root, Buffer.from('/')]);
    return real.subarray(0, start.length).equals(start) ? seen : undefined;
  } catch {
    // Gone, or out of reach: nothing is cleared.
    return undefined;
  }
}

const isSame = (seen: Seen, now: Seen | undefined): boolean =>
  now !== undefined &&
  (['dev', 'ino', 'size', 'mtimeMs', 'ctimeMs'] as const).every((what) => seen[what] === now[what]);
