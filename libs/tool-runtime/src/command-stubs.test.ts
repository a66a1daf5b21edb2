import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const tools = join(import.meta.dirname, '../../../tools');

describe('the command of each tool', () => {
  it('is a copy of tools/command-stub.mjs, under the name of the tool', async () => {
    const template = await readFile(join(tools, 'command-stub.mjs'), 'utf8');
    const entries = await readdir(tools, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'cleaner',
        'cloner',
        'comparator',
        'forwarder',
        'hl7-server',
        'importer',
        'populator',
      ]),
    );
    for (const name of names)
      expect([name, await readFile(join(tools, name, 'bin', `orthanc-${name}.mjs`), 'utf8')]).toEqual([
        name,
        template,
      ]);
  });
});
