import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packagedTools } from '../packaging/jobs/index.ts';
import { repository } from './read-pages.ts';

describe.each(packagedTools)('the page of the $tool', ({ tool, call }) => {
  const read = async () => readFile(join(repository, 'tools', tool, 'README.md'), 'utf8');

  it('has a start, its options, and what each exit code means', async () => {
    const page = await read();
    for (const heading of ['Start', 'Options', 'Exit codes']) expect(page).toContain(`\n## ${heading}\n`);
    const codes = page.split('\n## Exit codes\n')[1]?.split('\n## ')[0] ?? '';
    for (const code of [0, 1, 2, 3, 130])
      expect(codes).toMatch(new RegExp(`^\\| ${String(code)} +\\| \\S`, 'm'));
  });

  it('shows how a script calls it', async () => {
    expect(await read()).toContain(`From a script: \`await ${call}({ `);
  });

  it('leads to its compose file, and to how its image is made', async () => {
    const page = await read();
    expect(page).toContain(`](../../docker/compose/${tool}.yml)`);
    expect(page).toContain('](../../README.md#in-containers)');
  });
});
