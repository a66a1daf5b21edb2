import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** How large the young generation is, in MB, when objects of all ages were made, after a rest, and when made again. */
function youngMegabytes(...words: string[]): { busy: number; quiet: number; busyAgain: number } {
  const program = join(import.meta.dirname, 'make-objects-command.ts');
  const { stdout, status } = spawnSync(process.execPath, ['--no-warnings', '--expose-gc', program, ...words]);
  if (status !== 0) throw new Error('The program has failed.');
  return JSON.parse(String(stdout)) as ReturnType<typeof youngMegabytes>;
}

describe('the young generation', () => {
  it('grows without bound by itself', () => {
    expect(youngMegabytes().busy).toBeGreaterThan(40);
  });

  it('stays small when bounded, and comes back to that size after a rest', () => {
    const { busy, quiet, busyAgain } = youngMegabytes('bounded');
    expect(busy).toBeLessThanOrEqual(32);
    expect(quiet).toBeLessThan(8);
    expect(busyAgain).toBeGreaterThanOrEqual(16);
    expect(busyAgain).toBeLessThanOrEqual(32);
  });
});
