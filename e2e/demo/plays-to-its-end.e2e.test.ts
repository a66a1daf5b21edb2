import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { blocksTriedBy } from '../docs/blocks-tried-by.ts';
import { commandsIn } from '../docs/find-blocks.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const run = promisify(execFile);

/** Instances that the server holds whose address the demo has told under this name. */
async function countAt(name: string, told: string): Promise<unknown> {
  const [, url = ''] = new RegExp(`^ +${name} +(http\\S+)/app/explorer.html$`, 'm').exec(told) ?? [];
  return ((await (await fetch(`${url}/statistics`)).json()) as { CountInstances: unknown }).CountInstances;
}

const [documented] = await blocksTriedBy(import.meta.url, 'README.md');
/** `npm test` is what runs this test. */
const [demo = ''] = commandsIn(documented.text);

describe(demo, () => {
  let state: string;

  beforeEach(async () => {
    state = await mkdtemp(join(tmpdir(), 'demo-state-'));
  });

  afterEach(() => rm(state, { recursive: true }));

  it('clones the smallest archive and finds both sides equal, with exit code 0', async () => {
    const [npm = '', ...words] = `${demo} -- --studies 1`.split(' ');
    expect(npm).toBe('npm');
    const { stdout } = await run('npm', words, { cwd: root });
    expect(stdout).toContain('Both archives are equal.');
    expect(stdout).toMatch(/instances +10 +10\n/);
  });

  it('leaves with --keep what it tells: both servers, an empty one, and a ledger that status reads', async () => {
    const words = `${demo} -- --studies 1 --keep`.split(' ').slice(1);
    const { stdout } = await run('npm', words, { cwd: root });
    try {
      const counts = await Promise.all(
        ['source', 'destination', 'empty'].map((name) => countAt(name, stdout)),
      );
      expect(counts).toEqual([10, 10, 0]);
      const [, toTry = ''] = stdout.split('To try, in this folder:');
      const [, status = ''] = /^ +npx (orthanc-cloner status .*)$/m.exec(toTry) ?? [];
      expect((await run('npx', status.split(' '), { cwd: root })).stdout).toContain('1 study (10 instances');
      const [, clone = ''] = /^ +npx (orthanc-cloner --source-url .*)$/m.exec(toTry) ?? [];
      await run('npx', clone.split(' '), { cwd: root, env: { ...process.env, XDG_STATE_HOME: state } });
      expect(await countAt('empty', stdout)).toBe(10);
    } finally {
      for (const [, end = ''] of stdout.matchAll(/(?:end|go)s? by: (.*)$/gm)) await run('sh', ['-c', end]);
    }
  });
});
