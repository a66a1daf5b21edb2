import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { PackageRegistry } from './package-registry.ts';
import type { Ended } from './run-program.ts';

export interface InstalledPackage extends AsyncDisposable {
  /** Empty but for the package. */
  readonly folder: string;
  /** Where npm has put the command. */
  readonly command: string;
  /** A file of the package. */
  path(name: string): string;
  /** Runs a program in the folder. */
  run(file: string, args: readonly string[]): Promise<Ended>;
  /** Without the package: npx fetches it. */
  readonly emptyFolder: string;
  /** Runs the command by npx in the empty folder. */
  npx(args: readonly string[]): Promise<Ended>;
}

/** The package of a tool, as the registry has it. */
export async function installPackage(registry: PackageRegistry, tool: string): Promise<InstalledPackage> {
  const stack = new AsyncDisposableStack();
  const makeFolder = async () => {
    const folder = await mkdtemp(join(tmpdir(), `${tool}-package-`));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    return folder;
  };
  const folder = await makeFolder();
  const emptyFolder = await makeFolder();
  const name = `@orthanc-tools/${tool}`;
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  expect(await registry.run('npm', ['install', name], folder)).toMatchObject({ exitCode: 0 });
  return {
    folder,
    emptyFolder,
    command: join(folder, `node_modules/.bin/orthanc-${tool}`),
    path: (file) => join(folder, 'node_modules', name, file),
    run: (file, args) => registry.run(file, args, folder),
    npx: (args) => registry.run('npx', ['--yes', name, ...args], emptyFolder),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
