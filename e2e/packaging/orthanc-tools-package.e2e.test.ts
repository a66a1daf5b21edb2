import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestbed, snapshotOrthanc } from '@orthanc-tools/orthanc-testbed';
import { blocksTriedBy } from '../docs/blocks-tried-by.ts';
import { commandsIn } from '../docs/find-blocks.ts';
import { packagedTools } from './jobs/index.ts';
import { findOldNode } from './old-node.ts';
import { packageFaults } from './package-faults.ts';
import { type PackageRegistry, openPackageRegistry } from './package-registry.ts';
import type { Ended } from './run-program.ts';

describe('the package orthanc-tools, from a registry, by npx in an empty folder', () => {
  let registry: PackageRegistry;
  let folder: string;
  /** Of what was published last. */
  let tarball: string;
  const npx = (...words: string[]): Promise<Ended> =>
    registry.run('npx', ['--yes', 'orthanc-tools', ...words], folder);

  beforeAll(async () => {
    registry = await openPackageRegistry();
    folder = await mkdtemp(join(tmpdir(), 'orthanc-tools-package-'));
  });

  // Each by itself, as each takes its time.
  for (const place of [...packagedTools.map(({ tool }) => `tools/${tool}`), 'orthanc-tools'])
    beforeAll(async () => {
      tarball = await registry.publish(place);
    });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await registry[Symbol.asyncDispose]();
  });

  it('is as publint wants it', async () => {
    expect(await packageFaults(tarball)).toEqual({ hasTypes: false, faults: [] });
  });

  it('lists the eight with their versions and what they do', async () => {
    const { exitCode, stdout, stderr } = await npx();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const { tool } of packagedTools) {
      const path = new URL(`../../tools/${tool}/package.json`, import.meta.url);
      const { version, description } = JSON.parse(await readFile(path, 'utf8')) as Record<string, string>;
      expect(stdout).toMatch(new RegExp(`^  ${tool} +${String(version)}  `, 'm'));
      expect(stdout).toContain(description);
    }
  });

  it('answers to what its page says', async () => {
    const [block] = await blocksTriedBy(import.meta.url, 'orthanc-tools/README.md');
    const commands = commandsIn(block.text);
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands) {
      const [, words = ''] = /^npx orthanc-tools(?: (.*))?$/.exec(command) ?? ['', 'no command of it'];
      expect(await npx(...words.split(' ').filter((word) => word !== ''))).toMatchObject({ exitCode: 0 });
    }
  });

  it.each(packagedTools)('runs the $tool', async ({ tool }) => {
    const version = await npx(tool, '--version');
    expect(version).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(`^orthanc-${tool} \\d`) });
    // What is wrong is told by the tool itself, with its exit code.
    const { exitCode, stderr } = await npx(tool, '--no-such-option=1');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--no-such-option')]);
  });

  it('fills a real Orthanc', async () => {
    await using orthanc = await (await openTestbed()).startOrthanc({ name: 'populated' });
    const words = [`--url=${orthanc.url}`, '--studies=1', '--series=1', '--instances=2'];
    expect(await npx('populator', ...words)).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await snapshotOrthanc(orthanc)).size).toBe(2);
  });

  it('refuses a tool that is none, in one line', async () => {
    expect(await npx('clonner')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^orthanc-tools knows no tool clonner; there are cleaner, cloner, .*\.\n$/,
      ),
    });
  });

  const oldNode = findOldNode();
  const withOldNode = oldNode === undefined ? it.skip : it;
  withOldNode('leaves an older Node to the tool [needs a Node before 22.13 in the path]', async () => {
    await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
    expect(await registry.run('npm', ['install', 'orthanc-tools'], folder)).toMatchObject({ exitCode: 0 });
    const command = join(folder, 'node_modules/orthanc-tools/bin/orthanc-tools.mjs');
    expect(await registry.run(oldNode?.path ?? '', [command, 'cloner', '--help'], folder)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('orthanc-cloner needs Node 22.13 or newer'),
    });
  });
});
