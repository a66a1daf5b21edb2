import { type ChildProcess, spawn } from 'node:child_process';
import { chown, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ManifestLine, Scene } from './import-scene.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** `nobody`, for whom permissions count: root ignores them. */
const nobody = 65_534;

export interface ToolProcess {
  readonly ended: Promise<{ readonly exitCode: number | null; readonly signal: NodeJS.Signals | null }>;
  kill(signal: NodeJS.Signals): void;
  /** By path. */
  manifest(): Promise<ReadonlyMap<string, ManifestLine>>;
}

/** The tool in a process of its own, with the ledger of the scene. */
export function startProcess(
  { folder, work, proxy }: Scene,
  more: readonly string[] = [],
  as: { readonly uid?: number; readonly gid?: number } = {},
): ToolProcess {
  const manifest = join(work, 'manifest.jsonl');
  const argv = [
    `--folder-path=${folder}`,
    `--url=${proxy.url}`,
    `--ledger-path=${join(work, 'ledger.sqlite')}`,
    `--manifest=${manifest}`,
    ...more,
  ];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...argv], {
    stdio: ['ignore', 'ignore', 'inherit'],
    cwd: '/',
    env: { HOME: work },
    ...as,
  });
  return {
    ended: ending(child),
    kill: (signal) => void child.kill(signal),
    async manifest() {
      const lines = (await readFile(manifest, 'utf8')).trimEnd().split('\n');
      const rows = lines.map((line) => JSON.parse(line) as ManifestLine);
      return new Map(rows.map((row) => [row.path, row]));
    },
  };
}

const ending = (child: ChildProcess): ToolProcess['ended'] =>
  new Promise((resolve, reject) => {
    child.once('error', reject).once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });

/** As an ordinary user, whoever runs the tests. */
export async function startAsAnybody(scene: Scene): Promise<ToolProcess> {
  if (process.getuid?.() !== 0) return startProcess(scene);
  await giveAway(scene.work);
  return startProcess(scene, [], { uid: nobody, gid: nobody });
}

/** All in the folder, which root reads whatever its permissions. */
async function giveAway(path: string): Promise<void> {
  await chown(path, nobody, nobody);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) await giveAway(inner);
    else await chown(inner, nobody, nobody);
  }
}
