import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { identifyProcess, isAlive } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { spreadFolders } from './spread-folders.ts';

/** Everything of one native Orthanc: configuration, log, data, and who must clean it up. */
export interface RunFolder {
  readonly path: string;
  recordServer(pid: number): void;
  /** Nobody owns it any longer. */
  keep(): void;
  remove(): void;
}

interface Ownership {
  readonly owner: ProcessIdentity | undefined;
  readonly server?: ProcessIdentity | undefined;
}

const runFolders = (): string => join(tmpdir(), `orthanc-testbed-${String(userInfo().uid)}`);
const graceMs = 60_000;

export function createRunFolder(): RunFolder {
  const all = runFolders();
  const path = join(all, randomUUID());
  if (mkdirSync(all, { recursive: true, mode: 0o700 }) !== undefined) spreadFolders(all);
  mkdirSync(path, { mode: 0o700 });
  let ownership: Ownership = { owner: identifyProcess(process.pid) };
  const write = (next: Ownership): void => {
    ownership = next;
    writeFileSync(join(path, 'ownership.json'), JSON.stringify(next));
  };
  write(ownership);
  return {
    path,
    recordServer: (pid) => {
      write({ ...ownership, server: identifyProcess(pid) });
    },
    keep: () => {
      write({ owner: undefined });
    },
    remove: () => {
      rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}

/** Ends the Orthancs of processes that died without doing so, and removes their data. */
export function sweepRunFolders(): void {
  const all = runFolders();
  for (const name of list(all)) {
    const path = join(all, name);
    const ownership = readOwnership(path);
    const isAbandoned =
      ownership === undefined
        ? Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > graceMs
        : ownership.owner !== undefined && !isAlive(ownership.owner);
    if (!isAbandoned) continue;
    if (ownership?.server !== undefined && isAlive(ownership.server))
      process.kill(ownership.server.pid, 'SIGKILL');
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readOwnership(path: string): Ownership | undefined {
  try {
    return JSON.parse(readFileSync(join(path, 'ownership.json'), 'utf8')) as Ownership;
  } catch {
    return undefined;
  }
}
