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

/** A file that has not changed between two rounds is whole. */
async function restingFiles(folder: string, seen: Map<string, Seen>): Promise<string[]> {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((one) => one.isFile())
    .map(({ name }) => name);
  for (const name of seen.keys()) if (!names.includes(name)) seen.delete(name);
  const resting: string[] = [];
  for (const name of names.sort()) {
    if (name.startsWith('.')) continue;
    const { size, mtimeMs } = await stat(join(folder, name)).catch(() => ({ size: -1, mtimeMs: 0 }));
    const before = seen.get(name);
    if (before?.size === size && before.mtimeMs === mtimeMs) resting.push(name);
    seen.set(name, { size, mtimeMs });
  }
  return resting;
}

async function setAside({ folder, run }: WatchedMessages, name: string): Promise<void> {
  await mkdir(join(folder, refusedFolder), { recursive: true });
  const there = new Set(await readdir(join(folder, refusedFolder)));
  let free = name;
  for (let number = 2; there.has(free); number += 1) free = `${name}.${String(number)}`;
  await rename(join(folder, name), join(folder, refusedFolder, free));
  run.log.warn('file.refused', {});
}

async function take(watched: WatchedMessages, name: string): Promise<void> {
  const { folder, maxBytes, answerer } = watched;
  const path = join(folder, name);
  if ((await stat(path)).size > maxBytes) return await setAside(watched, name);
  const bytes = await readFile(path);
  // What failed waits here for the next round, as it would at its sender.
  const answers = await answerer.handleFrame({ bytes, address: 'folder' }).catch(() => undefined);
  if (answers === undefined || answers.some(({ outcome }) => outcome === 'failed')) return;
  if (answers.length > 0 && answers.every(({ outcome }) => outcome === 'applied')) return await unlink(path);
  await setAside(watched, name);
}

const systemCode = (error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return code;
};

/** Reads messages that others put into a folder as files, until the signal comes. A folder that is away is waited for. */
export async function watchMessages(watched: WatchedMessages): Promise<void> {
  const { folder, everyMs, run } = watched;
  const seen = new Map<string, Seen>();
  const troubled = new Set<string>();
  const told = (what: string, event: string, error: unknown): void => {
    const code = systemCode(error);
    if (!troubled.has(what)) run.log.warn(event, { code });
    troubled.add(what);
  };
  while (!run.signal.aborted) {
    const names = await restingFiles(folder, seen).catch((error: unknown) => {
      told('', 'folder.away', error);
      return undefined;
    });
    if (names !== undefined) troubled.delete('');
    for (const name of names ?? []) {
      // One file that cannot be read or moved holds up no other.
      await take(watched, name).then(
        () => troubled.delete(name),
        (error: unknown) => {
          told(name, 'file.unusable', error);
        },
      );
      if (run.signal.aborted) return;
    }
    await run.clock.sleep(everyMs, run.signal);
  }
}
