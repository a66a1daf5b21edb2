import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FaultProxy,
  type Snapshot,
  openTestbed,
  snapshotOrthanc,
  startFaultProxy,
} from '@orthanc-tools/orthanc-testbed';
import { folderOf, forOrdinaryUser } from '../command/ordinary-user.ts';
import { type RunningCommand, startCommand } from '../command/running-command.ts';
import { type Expected, type ExpectedLine, type GoldenRequest, makeGoldenFolder } from './golden-folder.ts';

export interface ImportScene extends AsyncDisposable {
  readonly proxy: FaultProxy;
  /** What a manifest must say. */
  readonly expected: Expected;
  start(): RunningCommand;
  /** Of the last run that ended. */
  manifest(): Promise<Map<string, ExpectedLine>>;
  /** What Orthanc holds, by an independent look. */
  held(): Promise<Snapshot>;
}

/** The golden folder, a real Orthanc behind a fault proxy, and the built importer as an ordinary user runs it. */
export async function openImportScene(request: GoldenRequest): Promise<ImportScene> {
  await using opening = new AsyncDisposableStack();
  const base = await mkdtemp(join(tmpdir(), 'importer-e2e-'));
  opening.defer(() => rm(base, { recursive: true, force: true }));
  await chmod(base, 0o755);
  const [folder, work] = [join(base, 'import'), join(base, 'work')];
  await mkdir(folder);
  const expected = await makeGoldenFolder(folder, request);
  opening.defer(() => chmod(join(folder, 'locked/folder'), 0o700));
  const testbed = await openTestbed();
  const orthanc = opening.use(await testbed.startOrthanc({ name: 'destination' }));
  const proxy = opening.use(await startFaultProxy(orthanc.url, { seed: request.seed }));
  const place = await forOrdinaryUser('importer', base);
  await folderOf(place, work);
  const manifestPath = join(work, 'manifest.jsonl');
  const argv = [
    `--folder-path=${folder}`,
    `--url=${proxy.url}`,
    `--ledger-path=${join(work, 'ledger.sqlite')}`,
    `--manifest=${manifestPath}`,
    '--log-format=json',
  ];
  const stack = opening.move();
  return {
    proxy,
    expected,
    start: () => startCommand(place, argv),
    manifest: async () => linesOf(await readFile(manifestPath, 'utf8')),
    held: () => snapshotOrthanc(orthanc),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Without the reason, which is for people. */
function linesOf(text: string): Map<string, ExpectedLine> {
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const { path, reason, ...known } = JSON.parse(line) as ExpectedLine & { path: string; reason?: string };
      void reason;
      return [path, known];
    }),
  );
}
