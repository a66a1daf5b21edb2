import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runProgram } from './run-program.ts';

const script = fileURLToPath(new URL('../../docker/node/unpack-node.sh', import.meta.url));

describe('the base image from Debian packages', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unpack-node-'));
    await writeFile(join(folder, 'of-an-earlier-time'), '');
  });

  afterEach(() => rm(folder, { recursive: true }));

  it.each(['node_modules/node/bin/node', '.'])(
    'is not begun where there is no Node at %s, and nothing is emptied',
    async (node) => {
      expect(await runProgram('sh', [script, 'trixie', folder, node], folder)).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: `unpack-node: there is no Node at ${node}: run "npm ci" in the repository, which brings the package of Node to node_modules/node, or name another Node 24.\n`,
      });
      expect(await readdir(folder)).toEqual(['of-an-earlier-time']);
    },
  );

  it('is not begun where a word is missing', async () => {
    expect(await runProgram('sh', [script, 'trixie', folder], folder)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^unpack-node: needs three words: SUITE FOLDER NODE, .*\n$/),
    });
  });
});
