import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

interface Megabytes {
  /** Of the young generation, at most: when objects of all ages were made, after a rest, and when made again. */
  readonly busy: number;
  readonly quiet: number;
  readonly busyAgain: number;
  /** The most that ever was in the old one. */
  readonly oldest: number;
}

/** Collections take place where they are due, however busy the machine is: not when another thread comes round to them. */
const flags = ['--no-warnings', '--expose-gc', '--single-threaded-gc'];

function heapOf(...words: string[]): Megabytes {
  const program = join(import.meta.dirname, 'make-objects-command.ts');
  const { stdout, status } = spawnSync(process.execPath, [...flags, program, ...words]);
  if (status !== 0) throw new Error('The program has failed.');
  return JSON.parse(String(stdout)) as Megabytes;
}

describe('the young generation', () => {
  /** Megabytes: 16 of either half, and what was taken before the bound was seen. By itself it has 64 and more. */
  const most = 48;

  it('grows without bound by itself', () => {
    expect(heapOf().busy).toBeGreaterThan(most);
  });

  it('stays small when bounded, and comes back to that size after a rest', () => {
    const { busy, quiet, busyAgain } = heapOf('bounded');
    expect(busy).toBeLessThanOrEqual(most);
    expect(quiet).toBeLessThan(8);
    expect(busyAgain).toBeGreaterThanOrEqual(16);
    expect(busyAgain).toBeLessThanOrEqual(most);
  });
});

describe('the old generation', () => {
  it('is collected before as much garbage as living objects is in it', () => {
    // By itself it has 70 to 150, as V8 then goes by how long its collections take: nothing to compare with.
    expect(heapOf('bounded').oldest).toBeLessThan(60);
  });
});
