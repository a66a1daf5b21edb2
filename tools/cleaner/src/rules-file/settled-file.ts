import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { configurationError } from '@orthanc-tools/failures';
import type { Clock } from '@orthanc-tools/scheduling';
import { nameOf } from '@orthanc-tools/tool-options';
import { rulesOption } from './rules-option.ts';

/** Whoever writes a file is done with it for so long. */
const quietMs = 2000;
const mostLooks = 10;

/** Tells one content of a file from another; undefined where there is none. */
export async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return [mtimeMs, size, ino].join(' ');
  } catch {
    return undefined;
  }
}

/** SHA-256 of what the file holds. Changed since it was read, it has another version. */
export const hashOfFile = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

/**
 * Waits until nobody is writing the rules: half of a file may well be rules, without what is to be kept.
 * @returns its version, or undefined where there is no file: whoever reads it says so
 * @throws configuration `RULES_FILE_CHANGING`
 */
export async function untilSettled(path: string, clock: Pick<Clock, 'sleep'>): Promise<string | undefined> {
  for (let look = 0; look < mostLooks; look += 1) {
    const version = await versionOf(path);
    if (version === undefined) return undefined;
    const age = Math.abs(Date.now() - (await stat(path)).mtimeMs);
    if (age >= quietMs && version === (await versionOf(path))) return version;
    await clock.sleep(quietMs);
    // A file server whose clock is not ours: what stays the same is settled too.
    if (version === (await versionOf(path))) return version;
  }
  throw configurationError(
    'RULES_FILE_CHANGING',
    `${nameOf(rulesOption)}: the file "${path}" is being written all the time: nothing is deleted by rules that may be half of themselves.`,
  );
}
