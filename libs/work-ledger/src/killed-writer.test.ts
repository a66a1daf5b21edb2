import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from '@jest/globals';
import { ledgerFolder } from './ledger-folder.ts';
import { openLedger } from './open-ledger.ts';

const lives = 12;

/** Park and Miller's generator: the same moments in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => (state = (state * 48_271) % 2_147_483_647) % below;
}

function begin(path: string): ChildProcess {
  const writer = join(import.meta.dirname, 'mortal-writer.ts');
  return spawn(process.execPath, ['--no-warnings', writer, path], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Lets a writer live until its n-th line; tells what it had reported by then, and all it got out. */
async function killAfter(lines: number, path: string): Promise<Record<string, number>> {
  const child = begin(path);
  const reported: Record<string, number> = {};
  if (!child.stdout) throw new Error('The writer has no output.');
  const ended = once(child, 'exit');
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [word = '', number] = line.split(' ');
    reported[word] = Number(number);
    count += 1;
    if (count === lines) child.kill('SIGKILL');
  }
  const [, signal] = (await ended) as [number | null, string | null];
  if (signal !== 'SIGKILL') throw new Error('The writer ended by itself.');
  return reported;
}

describe('a writer killed at any moment', () => {
  it('loses nothing that it reported, and never has a cursor ahead of its items', async () => {
    using folder = ledgerFolder();
    const path = folder.path('a.sqlite');
    const below = seeded(20_261_124);
    let interrupted = 0;
    for (let life = 0; life < lives; life += 1) {
      const reported = await killAfter(1 + below(60), path);
      using ledger = openLedger(path);
      interrupted += ledger.interrupted;
      const { waiting, inHand, done, setAside } = ledger.tally();
      expect(waiting + inHand + done + setAside).toBe(Number(ledger.cursor('changes')));
      expect(Number(ledger.cursor('changes'))).toBeGreaterThanOrEqual(reported['read'] ?? 0);
      expect(done).toBeGreaterThanOrEqual(reported['done'] ?? 0);
      expect([inHand, setAside]).toEqual([0, 0]);
    }
    expect(interrupted).toBeLessThanOrEqual(lives * 5);
  }, 60_000);

  it('keeps others out as long as it lives, and no longer', async () => {
    using folder = ledgerFolder();
    const path = folder.path('a.sqlite');
    const child = begin(path);
    if (!child.stdout) throw new Error('The writer has no output.');
    await once(child.stdout, 'data');
    expect(() => openLedger(path)).toThrow('in use by another process');
    child.kill('SIGKILL');
    await once(child, 'exit');
    using ledger = openLedger(path);
    expect(ledger.tally().waiting + ledger.tally().done).toBeGreaterThan(0);
  }, 20_000);
});
