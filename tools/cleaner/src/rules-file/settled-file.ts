import { stat } from 'node:fs/promises';
import { configurationError } from '@orthanc-tools/failures';
import type { Clock } from '@orthanc-tools/scheduling';
import { nameOfFile, unreadable } from './unreadable.ts';

/** Whoever writes a file is done with it for so long. */
const quietMs = 2000;
const mostLooks = 10;

interface Seen {
  readonly version: string;
  readonly mtimeMs: number;
}

type Look =
  | Seen
  /** What the file system says where there is none. */
  | { readonly version: undefined; readonly cause: unknown };

async function lookAt(path: string): Promise<Look> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return { version: [mtimeMs, size, ino].join(' '), mtimeMs };
  } catch (cause) {
    return { version: undefined, cause };
  }
}

/** Tells one content of a file from another; undefined where there is none. */
export const versionOf = async (path: string): Promise<string | undefined> => (await lookAt(path)).version;

const isQuiet = (look: Look): look is Seen =>
  look.version !== undefined && Math.abs(Date.now() - look.mtimeMs) >= quietMs;

/**
 * Waits until nobody is writing the rules: half of a file may well be rules, without what is to be kept. One that is not there
 * may be about to be replaced.
 * @returns its version
 * @throws configuration `RULES_FILE_CHANGING`, `OPTIONS_INVALID`
 */
export async function untilSettled(path: string, clock: Pick<Clock, 'sleep'>): Promise<string> {
  let seen = await lookAt(path);
  for (let look = 0; look < mostLooks; look += 1) {
    const before = seen;
    if (isQuiet(before) && before.version === (await versionOf(path))) return before.version;
    await clock.sleep(quietMs);
    seen = await lookAt(path);
    // A file server whose clock is not ours: what stays the same is settled too.
    if (before.version !== undefined && before.version === seen.version) return before.version;
  }
  if (seen.version === undefined) throw unreadable(path, seen.cause);
  throw configurationError(
    'RULES_FILE_CHANGING',
    `${nameOfFile(path)} is being written all the time: nothing is deleted by rules that may be half of themselves.`,
  );
}
