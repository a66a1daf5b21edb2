import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestbed } from '@orthanc-tools/orthanc-testbed';
import { blocksTriedBy } from '../docs/blocks-tried-by.ts';
import { commandsIn } from '../docs/find-blocks.ts';
import { repository } from '../docs/read-pages.ts';
import { type Ended, runProgram } from './run-program.ts';

const testbed = await openTestbed();
const canRun = testbed.provider === 'containers' && spawnSync('docker', ['--version']).status === 0;

(canRun ? describe : describe.skip)('[engine, docker] what the README builds images by', () => {
  const tag = `readme-${randomUUID().slice(0, 8)}`;
  const [base, tool] = [`orthanc-tools/node:${tag}`, `orthanc-tools/cloner:${tag}`];
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'readme-images-'));
  });

  afterAll(async () => {
    await runProgram('docker', ['rmi', '--force', tool, base], repository);
    await rm(folder, { recursive: true });
  });

  /** As it stands there, but for a folder and names of its own. */
  const run = (command: string): Promise<Ended> =>
    runProgram(
      'sh',
      [
        '-c',
        command
          .replaceAll('/tmp/node-root', join(folder, 'node-root'))
          .replaceAll(/orthanc-tools\/node(?=\s|$)/g, base)
          .replaceAll(/-t orthanc-tools\/cloner(?=\s)/g, `-t ${tool}`),
      ],
      repository,
    );
  const answers = async () =>
    (await runProgram('docker', ['run', '--rm', '--read-only', tool, '--version'], repository)).stdout;

  it('makes a base from Debian packages and an image of a tool on it, and one on a base of any name', async () => {
    const [build, debian] = await blocksTriedBy(import.meta.url, 'README.md');
    const commands = commandsIn(debian?.text ?? '');
    expect(commands).toHaveLength(3);
    for (const command of commands) expect(await run(command)).toMatchObject({ exitCode: 0 });
    expect(await answers()).toMatch(/^orthanc-cloner \d/);

    await runProgram('docker', ['rmi', '--force', tool], repository);
    const [command = '', ...none] = commandsIn(build.text);
    expect([none, command]).toEqual([[], expect.stringMatching(/^docker build .* \.$/)]);
    // The usual base comes from a registry.
    expect(await run(command.replace(/ \.$/, ` --build-arg BASE_IMAGE=${base} .`))).toMatchObject({
      exitCode: 0,
    });
    expect(await answers()).toMatch(/^orthanc-cloner \d/);
  });
});
