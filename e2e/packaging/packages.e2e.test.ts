import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type InstalledPackage, installPackage } from './installed-package.ts';
import { packagedTools } from './jobs/index.ts';
import { findOldNode } from './old-node.ts';
import { packageFaults } from './package-faults.ts';
import { type PackageRegistry, openPackageRegistry } from './package-registry.ts';
import type { PackagedTool } from './packaged-tool.ts';
import { processorTimes } from './processor-time.ts';

const largestBytes = 3_000_000;
/** Seconds of CPU until the help is there; on a slower machine as much more as a Node that does nothing needs beyond 0.08 s. */
const dearestStart = (bare: number): number => 0.25 * Math.max(1, bare / 0.08);

let registry: PackageRegistry;

beforeAll(async () => {
  registry = await openPackageRegistry();
});

afterAll(async () => {
  await registry[Symbol.asyncDispose]();
});

describe.each(packagedTools)('the package of the $tool, from a registry', (packaged) => {
  const { tool, call, jobs } = packaged;
  let tarball: string;
  let installed: InstalledPackage;

  beforeAll(async () => {
    tarball = await registry.publish(`tools/${tool}`);
    installed = await installPackage(registry, tool);
  });

  afterAll(async () => {
    await installed?.[Symbol.asyncDispose]();
  });

  it('holds what it needs and nothing else, is small, and comes alone', async () => {
    const { folder, path } = installed;
    const files = (await readdir(path('.'), { recursive: true })).sort();
    expect(files.filter((name) => !/^dist\/[\w-]+\.mjs$/.test(name))).toEqual(expectedFiles(packaged));
    expect(files).toEqual(expect.arrayContaining(['dist/index.mjs', 'dist/main.mjs']));
    const sizes = await Promise.all(files.map(async (name) => (await stat(path(name))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(largestBytes);
    expect(await readdir(join(folder, 'node_modules/@orthanc-tools'))).toEqual([tool]);
    const all = await readdir(join(folder, 'node_modules'));
    expect(all.filter((name) => !name.startsWith('.'))).toEqual(['@orthanc-tools']);
  });

  it('says where it comes from, and that it comes from there', async () => {
    const read = async (file: string | URL) => JSON.parse(await readFile(file, 'utf8')) as Manifest;
    const workspace = await read(new URL('../../package.json', import.meta.url));
    expect(await read(installed.path('package.json'))).toMatchObject({
      license: 'MIT',
      repository: { ...workspace.repository, directory: `tools/${tool}` },
      engines: { node: '>=22.13' },
      publishConfig: { access: 'public', provenance: true },
      keywords: expect.arrayContaining(['orthanc', 'dicom']),
    });
  });

  it('names each package whose code it holds, with its licence', async () => {
    const { path } = installed;
    const list = JSON.parse(await readFile(path('dist/sbom.cdx.json'), 'utf8')) as Bill;
    const licences = await readFile(path('dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    expect(list.components.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['axios', 'pino', 'yargs']),
    );
    for (const { name, version, licenses } of list.components) {
      expect(licenses).toEqual([{ license: { id: expect.stringMatching(permissive) } }]);
      expect(licences).toContain(`\n${name} ${version} (`);
    }
  });

  it('is as publint and Are The Types Wrong want it', async () => {
    expect(await packageFaults(tarball)).toEqual({ hasTypes: true, faults: [] });
  });

  it('has types that a strict program can be written against', async () => {
    const { folder, run } = installed;
    await writeFile(join(folder, 'consumer.ts'), consumerOf(`@orthanc-tools/${tool}`, call));
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    const words =
      '--noEmit --strict --module nodenext --target es2024 --lib es2024,dom --exactOptionalPropertyTypes';
    const ended = await run(process.execPath, [tsc, ...words.split(' '), 'consumer.ts']);
    expect(ended).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('explains itself quickly, and tells the version of its package', async () => {
    const { command, path, run } = installed;
    const { version } = JSON.parse(await readFile(path('package.json'), 'utf8')) as { version: string };
    expect(await run(command, ['--version'])).toEqual({
      exitCode: 0,
      stdout: `orthanc-${tool} ${version}\n`,
      stderr: '',
    });
    const help = await run(command, ['--help']);
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toContain(`Usage: orthanc-${tool} [command] [options]`);
    const { ours, bare } = processorTimes([path(`bin/orthanc-${tool}.mjs`), '--help']);
    expect(ours).toBeLessThan(dearestStart(bare));
  });

  const oldNode = findOldNode();
  const withOldNode = oldNode === undefined ? it.skip : it;
  withOldNode('refuses an older Node in one line [needs a Node before 22.13 in the path]', async () => {
    const { path, run } = installed;
    const old = oldNode ?? { path: '', version: '' };
    expect(await run(old.path, [path(`bin/orthanc-${tool}.mjs`), '--help'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `orthanc-${tool} needs Node 22.13 or newer; this is ${old.version}.\n`,
    });
  });

  it.each(jobs)('$promise', async ({ keep }) => {
    await keep(installed);
  });
});

interface Manifest {
  readonly repository: object;
}

interface Bill {
  readonly components: readonly { name: string; version: string; licenses: object }[];
}

/** Licences that ask for their text and for nothing else. */
const permissive = /^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0|Unlicense)$/;

function expectedFiles({ tool, more = [] }: PackagedTool): string[] {
  const documents = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'];
  const command = ['bin', `bin/orthanc-${tool}.mjs`];
  const built = ['dist', 'dist/THIRD-PARTY-LICENSES.txt', 'dist/index.d.mts', 'dist/sbom.cdx.json'];
  return [...documents, ...command, ...built, ...more].sort();
}

/** Does not compile where a type is lost or an option unknown. */
const consumerOf = (name: string, call: string): string => `
import { ${call} } from '${name}';

type Options = Parameters<typeof ${call}>[0];
type IsAny<T> = 0 extends 1 & T ? true : false;

const isLost: IsAny<Options> | IsAny<Options['logLevel']> = false;
const level: Options['logLevel'] = 'warn';
// @ts-expect-error there is no such level
const wrong: Options['logLevel'] = 'loud';

export async function run(options: Options, signal: AbortSignal): Promise<boolean> {
  const { exitCode, summary } = await ${call}({ ...options, logLevel: level }, { signal });
  // @ts-expect-error there is no such option
  await ${call}({ ...options, noSuchOption: 1 });
  return isLost || exitCode === 0 || Object.keys(summary).length > 0 || wrong === undefined;
}
`;
