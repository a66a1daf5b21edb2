import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** How large the young generation is, in MB, after objects of all ages have been made for a while. */
function youngMegabytes(...words: string[]): number {
  const program = join(import.meta.dirname, 'make-objects-command.ts');
  const { stdout, status } = spawnSync(process.execPath, ['--no-warnings', program, ...words]);
  if (status !== 0) throw new Error('The program has failed.');
  return Number(String(stdout)) / 2 ** 20;
}

describe('the young generation', () => {
  it('stays small when bounded, and would not otherwise', () => {
    expect(youngMegabytes('bounded')).toBeLessThanOrEqual(32);
    expect(youngMegabytes()).toBeGreaterThan(40);
  });
});
