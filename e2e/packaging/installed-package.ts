import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { type Ended, runProgram } from './run-program.ts';

export interface InstalledPackage extends AsyncDisposable {
  /** Empty but for the package. */
  readonly folder: string;
  /** Where npm has put the command. */
  readonly command: string;
  /** A file of the package. */
  path(name: string): string;
  /** Runs a program in the folder. */
  run(file: string, args: readonly string[]): Promise<Ended>;
}

/** The package of a tool, packed and installed offline into an empty folder. */
export async function installPackage(tool: string): Promise<InstalledPackage> {
  const folder = await mkdtemp(join(tmpdir(), `${tool}-package-`));
  const source = fileURLToPath(new URL(`../../tools/${tool}`, import.meta.url));
  const packed = await runProgram('npm', ['pack', '--json', '--pack-destination', folder], source);
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`npm pack made no package: ${packed.stderr}`);
  const run = (file: string, args: readonly string[]) => runProgram(file, args, folder);
  const words = ['install', '--offline', '--no-audit', '--no-fund', `./${tarball}`];
  expect(await run('npm', words)).toMatchObject({ exitCode: 0 });
  return {
    folder,
    command: join(folder, `node_modules/.bin/orthanc-${tool}`),
    path: (name) => join(folder, 'node_modules/@orthanc-tools', tool, name),
    run,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

interface PackageClaim {
  readonly tool: string;
  /** What it holds besides what every package does. */
  readonly more?: readonly string[];
  installed(): InstalledPackage;
}

/** Declares what is to be true of the package of every tool. */
export function itIsAPackage({ tool, more = [], installed }: PackageClaim): void {
  it('holds the command, its bundle, how to use it and the licence, and comes alone', async () => {
    const { folder, path } = installed();
    const files = (await readdir(path('.'), { recursive: true })).sort();
    const chunks = /^dist\/[\w-]+\.mjs(\.map|\.LEGAL\.txt)?$/;
    const usual = ['LICENSE', 'README.md', 'bin', `bin/orthanc-${tool}.mjs`, 'dist', 'package.json'];
    expect(files.filter((name) => !chunks.test(name))).toEqual([...usual, ...more].sort());
    expect(files).toEqual(expect.arrayContaining(['dist/index.mjs', 'dist/main.mjs']));
    expect(await readdir(join(folder, 'node_modules/@orthanc-tools'))).toEqual([tool]);
    const all = await readdir(join(folder, 'node_modules'));
    expect(all.filter((name) => !name.startsWith('.'))).toEqual(['@orthanc-tools']);
  });

  it('explains itself and tells the version of its package', async () => {
    const { command, path, run } = installed();
    const { version } = JSON.parse(await readFile(path('package.json'), 'utf8')) as { version: string };
    expect(await run(command, ['--version'])).toEqual({
      exitCode: 0,
      stdout: `orthanc-${tool} ${version}\n`,
      stderr: '',
    });
    const help = await run(command, ['--help']);
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toContain(`Usage: orthanc-${tool} [command] [options]`);
  });

  const oldNode = findOldNode();
  const withOldNode = oldNode === undefined ? it.skip : it;
  withOldNode('refuses an older Node in one line [needs a Node before 22.13 in the path]', async () => {
    const { path, run } = installed();
    const old = oldNode ?? { path: '', version: '' };
    expect(await run(old.path, [path(`bin/orthanc-${tool}.mjs`), '--help'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `orthanc-${tool} needs Node 22.13 or newer; this is ${old.version}.\n`,
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
