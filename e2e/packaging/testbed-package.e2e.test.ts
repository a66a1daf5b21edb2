import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findOldNode } from './old-node.ts';
import { packageFaults } from './package-faults.ts';
import { runProgram } from './run-program.ts';

const place = fileURLToPath(new URL('../../testbed', import.meta.url));
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const jest = join(modules, 'jest/bin/jest.js');

const listExports = `process.stdout.write(JSON.stringify(Object.keys(await import('@orthanc-tools/testbed')).sort()))`;
const tellWhyNot = `await import('@orthanc-tools/testbed').catch(({ message }) => process.stdout.write(message))`;

describe('the package of the testbed, installed into an empty folder', () => {
  let folder: string;
  let tarball: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'testbed-package-'));
    await runProgram('npm', ['pack', '--pack-destination', folder], place);
    const [packed = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
    tarball = join(folder, packed);
    const installed = join(folder, 'node_modules/@orthanc-tools/testbed');
    await mkdir(installed, { recursive: true });
    const words = ['--extract', '--file', tarball, '--strip-components=1', '--directory', installed];
    expect(await runProgram('tar', words, folder)).toMatchObject({ exitCode: 0 });
    await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
    // What it declares is there, as the repository has it, and nothing else.
    const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    for (const name of Object.keys(manifest.dependencies))
      await symlink(join(modules, name), join(folder, 'node_modules', name));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("starts two real Orthancs in a stranger's suite, as its README has it", async () => {
    const readme = await readFile(join(folder, 'node_modules/@orthanc-tools/testbed/README.md'), 'utf8');
    const [, example = ''] = /^```js\n([^]*?)^```$/m.exec(readme) ?? [];
    await writeFile(join(folder, 'two.test.js'), example);
    const words = ['--experimental-vm-modules', jest, '--rootDir', folder, '--transform={}'];
    const ended = await runProgram(process.execPath, words, folder);
    expect([ended.exitCode, ended.stderr]).toEqual([0, expect.stringContaining('two Orthancs answer')]);
  });

  it('is as publint and Are The Types Wrong want it', async () => {
    expect(await packageFaults(tarball)).toEqual({ hasTypes: true, faults: [] });
  });

  it('exports what its types promise, and nothing else', async () => {
    const index = await readFile(join(place, 'src/index.ts'), 'utf8');
    const [, promised = ''] = /^export \{([^}]*)\}/m.exec(index) ?? [];
    const names = promised.split(',').flatMap((name) => name.trim() || []);
    const told = await runProgram(process.execPath, ['--input-type=module', '-e', listExports], folder);
    expect(told).toMatchObject({ exitCode: 0, stdout: JSON.stringify(names.toSorted()) });
    expect(names.length).toBeGreaterThan(3);
  });

  const oldNode = findOldNode();
  const withOldNode = oldNode === undefined ? it.skip : it;
  withOldNode('refuses an older Node in one sentence [needs a Node before 22.13 in the path]', async () => {
    const told = await runProgram(oldNode?.path ?? '', ['--input-type=module', '-e', tellWhyNot], folder);
    expect(told).toEqual({
      exitCode: 0,
      stdout: `@orthanc-tools/testbed needs Node 22.22 or newer; this is ${oldNode?.version ?? ''}.`,
      stderr: '',
    });
    const manifest = JSON.parse(await readFile(join(place, 'package.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ engines: { node: '>=22.22' } });
  });

  it('holds what it needs to make an Orthanc, and nothing of this repository', async () => {
    const files = await readdir(join(folder, 'node_modules/@orthanc-tools/testbed'), { recursive: true });
    expect(files.filter((name) => /\.test\.|tools\/|\.ts$/.test(name))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'CHANGELOG.md',
        'index.mjs',
        'dist/index.d.mts',
        'dist/docker/unpack-packages.sh',
        'dist/docker/orthanc/unpack-orthanc.sh',
        'dist/docker/orthanc/launch-orthanc.py',
        'dist/THIRD-PARTY-LICENSES.txt',
      ]),
    );
    const code = await readFile(
      join(folder, 'node_modules/@orthanc-tools/testbed/dist/libs/orthanc-testbed/src/index.mjs'),
      'utf8',
    );
    const imported = [...code.matchAll(/(?:from |import\()"([^".][^"]*)"/g)].map(([, name]) => name);
    expect(new Set(imported.filter((name) => !name?.startsWith('node:')))).toEqual(
      new Set(['testcontainers', 'httpxy', 'selfsigned'].filter((name) => code.includes(`"${name}"`))),
    );
  });
});
