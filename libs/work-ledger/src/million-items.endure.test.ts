import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

// In a process of its own: what is measured is its memory and its CPU.
const program = fileURLToPath(new URL('million-items.ts', import.meta.url));

it('opens, counts and works on a ledger of 1,000,000 items, half of them waiting, within 5 s and 250 MB', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', program], {
    encoding: 'utf8',
  });
  process.stdout.write(stdout);
  expect([status, stderr]).toEqual([0, '']);
});
