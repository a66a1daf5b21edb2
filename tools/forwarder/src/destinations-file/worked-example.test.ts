import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readDestinationsFile } from './read-destinations-file.ts';

describe('the worked example in the README', () => {
  it('is read as it stands there', async () => {
    const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8');
    const [, example = ''] = /```yaml\n(# yaml-language-server:[\s\S]*?)```/.exec(readme) ?? [];
    const folder = await mkdtemp(join(tmpdir(), 'example-'));
    try {
      await writeFile(join(folder, 'secret'), 'hunter2\n');
      const path = join(folder, 'destinations.yml');
      await writeFile(path, example.replace('/run/secrets/archive', 'secret'));
      const { destinations, urgent } = readDestinationsFile(path, undefined);
      expect(destinations.map(({ name, priority }) => [name, priority])).toEqual([
        ['pacs', 100],
        ['neuro', 0],
        ['research', 0],
        ['archive', -100],
      ]);
      expect(destinations.at(-1)?.connection?.password).toBe('hunter2');
      expect(urgent).toEqual({ labels: ['STAT'] });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
