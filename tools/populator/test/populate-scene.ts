import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FaultProxy,
  type OrthancRequest,
  type RunningOrthanc,
  openTestbed,
  startFaultProxy,
} from '@orthanc-tools/orthanc-testbed';
import { runTool } from '@orthanc-tools/tool-runtime';
import { populatorTool } from '../src/populator.ts';

export interface FinishedRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ManifestLine {
  readonly orthancId: string;
  readonly patientId: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly edgeCase?: string;
  readonly modality: string;
  readonly instance: number;
  readonly transferSyntaxUid: string;
}

/** Runs the populator in this process; `argv` as a user types it, or word by word where one has blanks. */
export async function populate(
  argv: string | readonly string[],
  { onOutput, ...settings }: { signal?: AbortSignal; onOutput?: (printed: string) => void } = {},
): Promise<FinishedRun> {
  let [stdout, stderr] = ['', ''];
  const exitCode = await runTool(populatorTool, {
    argv: typeof argv === 'string' ? argv.split(' ') : argv,
    env: {},
    stdout: {
      write: (text: string) => {
        stdout += text;
        onOutput?.(stdout);
      },
    },
    stderr: { write: (text: string) => ((stderr += text), true) },
    ...settings,
  });
  return { exitCode, stdout, stderr };
}

export const linesOf = async (manifest: string): Promise<ManifestLine[]> =>
  (await readFile(manifest, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ManifestLine);

export interface Scene extends AsyncDisposable {
  readonly orthanc: RunningOrthanc;
  readonly proxy: FaultProxy;
  /** A path in a folder that goes with the scene. */
  path(name: string): string;
  /** What the server holds, by its own word. */
  ask(path: string): Promise<unknown>;
}

/** A real Orthanc with a fault proxy before it. */
export async function openScene(request: OrthancRequest = {}): Promise<Scene> {
  const stack = new AsyncDisposableStack();
  const orthanc = stack.use(await (await openTestbed()).startOrthanc({ name: 'populated', ...request }));
  const proxy = stack.use(await startFaultProxy(orthanc.url, { seed: 1 }));
  const folder = await mkdtemp(join(tmpdir(), 'populator-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  return {
    orthanc,
    proxy,
    path: (name) => join(folder, name),
    ask: async (path) => (await fetch(new URL(path, orthanc.url))).json(),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
