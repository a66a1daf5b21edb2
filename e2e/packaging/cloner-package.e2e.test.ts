import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { synthesizeArchive } from '@orthanc-tools/dicom-synthesis';
import { compareSnapshots, openTestbed, seedOrthanc, snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';

const toolFolder = fileURLToPath(new URL('../../tools/cloner', import.meta.url));

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the package of the cloner, installed offline into an empty folder', () => {
  let folder: string;
  const inFolder = (file: string, args: readonly string[]) => run(file, args, folder);
  const installed = (path: string) => join(folder, 'node_modules/@orthanc-tools/cloner', path);
  const command = () => join(folder, 'node_modules/.bin/orthanc-cloner');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cloner-package-'));
    const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], toolFolder);
    const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
    if (tarball === undefined) throw new Error(`npm pack made no package: ${packed.stderr}`);
    const words = ['install', '--offline', '--no-audit', '--no-fund', `./${tarball}`];
    expect(await inFolder('npm', words)).toMatchObject({ exitCode: 0 });
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('holds the command, its bundle, how to use it and the licence, and comes alone', async () => {
    const files = (await readdir(installed('.'), { recursive: true })).sort();
    const chunks = /^dist\/[\w-]+\.mjs(\.map|\.LEGAL\.txt)?$/;
    expect(files.filter((name) => !chunks.test(name))).toEqual([
      'LICENSE',
      'README.md',
      'bin',
      'bin/orthanc-cloner.mjs',
      'dist',
      'package.json',
    ]);
    expect(files).toEqual(expect.arrayContaining(['dist/index.mjs', 'dist/main.mjs']));
    expect(await readdir(join(folder, 'node_modules/@orthanc-tools'))).toEqual(['cloner']);
    expect((await readdir(join(folder, 'node_modules'))).filter((name) => !name.startsWith('.'))).toEqual([
      '@orthanc-tools',
    ]);
  });

  it('explains itself and tells the version of its package', async () => {
    const { version } = JSON.parse(await readFile(installed('package.json'), 'utf8')) as { version: string };
    expect(await inFolder(command(), ['--version'])).toEqual({
      exitCode: 0,
      stdout: `orthanc-cloner ${version}\n`,
      stderr: '',
    });
    const help = await inFolder(command(), ['--help']);
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toContain('Usage: orthanc-cloner [command] [options]');
  });

  it('clones a real Orthanc by the command', async () => {
    await using scene = await openScene(711);
    const urls = [`--source-url=${scene.source.url}`, `--dest-url=${scene.destination.url}`];
    const ended = await inFolder(command(), [...urls, '--existing-changes-only', '--ledger-path=one.sqlite']);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    await scene.expectCopied();
  });

  it('clones a real Orthanc by the function that it exports', async () => {
    await using scene = await openScene(712);
    const options = {
      sourceUrl: scene.source.url,
      destUrl: scene.destination.url,
      existingChangesOnly: true,
      ledgerPath: join(folder, 'other.sqlite'),
    };
    await writeFile(
      join(folder, 'clone.mjs'),
      `import { cloneOrthanc } from '@orthanc-tools/cloner';
       const { exitCode, summary } = await cloneOrthanc(${JSON.stringify(options)});
       console.log(JSON.stringify({ exitCode, summary }));`,
    );
    const { exitCode, stdout } = await inFolder('node', [
      '--disable-warning=ExperimentalWarning',
      'clone.mjs',
    ]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 0, summary: { copiedInstances: scene.instances } });
    await scene.expectCopied();
  });

  const oldNode = findOldNode();
  const withOldNode = oldNode === undefined ? it.skip : it;
  withOldNode('refuses an older Node in one line [needs a Node before 22.13 in the path]', async () => {
    const { path, version } = oldNode ?? { path: '', version: '' };
    expect(await inFolder(path, [installed('bin/orthanc-cloner.mjs'), '--help'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `orthanc-cloner needs Node 22.13 or newer; this is ${version}.\n`,
    });
  });
});

async function openScene(seed: number) {
  const stack = new AsyncDisposableStack();
  const testbed = await openTestbed();
  const source = stack.use(await testbed.startOrthanc({ name: 'source' }));
  const destination = stack.use(await testbed.startOrthanc({ name: 'destination' }));
  const archive = synthesizeArchive({ seed, studies: 3, seriesPerStudy: 2, instancesPerSeries: 4 });
  const files = [...archive].flatMap((study) => [...study.instances()].map(({ bytes }) => bytes));
  const { instances } = await seedOrthanc(source, files);
  return {
    source,
    destination,
    instances,
    async expectCopied() {
      const held = [await snapshotOrthanc(source), await snapshotOrthanc(destination)] as const;
      expect(compareSnapshots(...held).areEqual).toBe(true);
      expect(held[1].size).toBe(instances);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** A program as a user has it: with this Node, and without what npm tells its scripts. */
function run(file: string, args: readonly string[], cwd: string): Promise<Ended> {
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  const env = { PATH: path, HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'] };
  return new Promise((resolve, reject) => {
    const child = execFile(file, args, { cwd, env }, (error, stdout, stderr) => {
      if (typeof error?.code === 'string') reject(error);
      else resolve({ exitCode: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

function findOldNode(): { readonly path: string; readonly version: string } | undefined {
  for (const folder of new Set((process.env['PATH'] ?? '').split(delimiter))) {
    const path = join(folder, 'node');
    const version = spawnSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout?.trim();
    const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
    if (major > 0 && (major < 22 || (major === 22 && minor < 13))) return { path, version: version ?? '' };
  }
  return undefined;
}
