import { readFile, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { runProgram } from './run-program.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const plans = new URL('../../.nx/version-plans/', import.meta.url);

interface Plan {
  readonly names: readonly string[];
  readonly sentence: string;
}

async function readPlan(name: string): Promise<Plan> {
  const [, head = '', sentence = ''] =
    /^---\n([^]*?)\n---\n\s*([^]*?)\s*$/.exec(await readFile(new URL(name, plans), 'utf8')) ?? [];
  return { names: [...head.matchAll(/^'?([^':]+)'?: \w+$/gm)].map(([, one = '']) => one), sentence };
}

const waiting = await Promise.all(
  (await readdir(plans).catch(() => [])).filter((name) => name.endsWith('.md')).map(readPlan),
);

const withPlans = waiting.length > 0 ? describe : describe.skip;

withPlans('npm run release -- --dry-run [needs a version plan]', () => {
  it('shows a new version and the sentence of the plan for each package that the plans name', async () => {
    const env = { NX_DAEMON: 'false', NO_COLOR: '1', CI: '1' };
    const path = dirname(process.execPath);
    const words = ['run', 'release', '--', '--dry-run'];
    const ended = await runProgram('npm', words, root, {
      ...env,
      PATH: `${path}:${process.env['PATH'] ?? ''}`,
    });
    expect(ended).toMatchObject({ exitCode: 0 });
    // eslint-disable-next-line no-control-regex -- colours
    const shown = ended.stdout.replaceAll(/\u001b\[[0-9;]*m/g, '');
    for (const { names, sentence } of waiting)
      for (const name of names) {
        const [, version = ''] = new RegExp(`^${name} .* to get new version (\\S+)$`, 'm').exec(shown) ?? [];
        expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+/)]);
        const [, entry = ''] = shown.split(`CHANGELOG.md for ${name}@${version}`);
        expect(entry).toContain(`- ${sentence}`);
      }
  });
});
