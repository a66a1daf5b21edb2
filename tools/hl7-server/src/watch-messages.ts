import { mkdir, readFile, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { WorklistServer } from './worklist-server.ts';

export interface WatchedMessages {
  readonly folder: string;
  readonly everyMs: number;
  readonly maxBytes: number;
  readonly answerer: WorklistServer['answerer'];
  readonly run: RunContext;
}

interface Seen {
  readonly size: number;
  readonly mtimeMs: number;
}

const refusedFolder = 'refused';

const isAccepted = (replies: readonly Uint8Array[]): boolean =>
  replies.length > 0 &&
  replies.every((reply) => /[\r\n]MSA.(?:AA|CA)/.test(Buffer.from(reply).toString('latin1')));

/** What waits for a repetition by its sender waits here for the next round. */
const isForLater = (replies: readonly Uint8Array[]): boolean =>
  replies.some((reply) => /[\r\n](?:ERR.*?)?\b207[&^]/.test(Buffer.from(reply).toString('latin1')));

/** A file that has not changed between two rounds is whole. */
async function restingFiles(folder: string, seen: Map<string, Seen>, maxBytes: number): Promise<string[]> {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((one) => one.isFile())
    .map(({ name }) => name);
  for (const name of seen.keys()) if (!names.includes(name)) seen.delete(name);
  const resting: string[] = [];
  for (const name of names.sort()) {
    if (name.startsWith('.')) continue;
    const { size, mtimeMs } = await stat(join(folder, name)).catch(() => ({ size: -1, mtimeMs: 0 }));
    const before = seen.get(name);
    if (before?.size === size && before.mtimeMs === mtimeMs && size <= maxBytes) resting.push(name);
    seen.set(name, { size, mtimeMs });
  }
  return resting;
}

async function take({ folder, answerer, run }: WatchedMessages, name: string): Promise<void> {
  const path = join(folder, name);
  const replies = await answerer
    .answer({ bytes: await readFile(path), address: 'folder' })
    .catch(() => undefined);
  if (replies === undefined || isForLater(replies)) return;
  if (isAccepted(replies)) return await unlink(path);
  await mkdir(join(folder, refusedFolder), { recursive: true });
  await rename(path, join(folder, refusedFolder, name));
  run.log.warn('file.refused', {});
}

/** Reads messages that others put into a folder as files, until the signal comes. A folder that is away is waited for. */
export async function watchMessages(watched: WatchedMessages): Promise<void> {
  const { folder, everyMs, maxBytes, run } = watched;
  const seen = new Map<string, Seen>();
  let isAway = false;
  while (!run.signal.aborted) {
    try {
      for (const name of await restingFiles(folder, seen, maxBytes)) {
        await take(watched, name);
        if (run.signal.aborted) return;
      }
      isAway = false;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      if (!isAway) run.log.warn('folder.away', { code });
      isAway = true;
    }
    await run.clock.sleep(everyMs, run.signal);
  }
}
