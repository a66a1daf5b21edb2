import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

interface Megabytes {
  /** Of the young generation, when objects of all ages were made, after a rest, and when made again. */
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
  it('grows without bound by itself', () => {
    expect(heapOf().busy).toBeGreaterThan(40);
  });

  it('stays small when bounded, and comes back to that size after a rest', () => {
    const { busy, quiet, busyAgain } = heapOf('bounded');
    expect(busy).toBeLessThanOrEqual(32);
    expect(quiet).toBeLessThan(8);
    expect(busyAgain).toBeGreaterThanOrEqual(16);
    expect(busyAgain).toBeLessThanOrEqual(32);
  });
});

describe('the old generation', () => {
  it('is collected before as much garbage as living objects is in it', () => {
    const [byItself, bounded] = [heapOf(), heapOf('bounded')];
    expect(bounded.oldest).toBeLessThan(byItself.oldest * 0.7);
  });
});
