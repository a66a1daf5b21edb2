import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { runStep } from './run-step.ts';
import type { Step } from './run-step.ts';

const run = (step: Omit<Step, 'name'>, signal?: AbortSignal) =>
  runStep({ name: 'step', say: () => undefined, ...step }, signal);

/** A dead process that nobody has asked after yet is in state Z. */
const isRunning = (pid: number): boolean =>
  existsSync(`/proc/${String(pid)}/stat`) &&
  !readFileSync(`/proc/${String(pid)}/stat`, 'utf8').includes(') Z');

describe('a step', () => {
  it('passes with exit code 0 only', async () => {
    expect(await run({ command: ['true'], limitMs: 5000 })).toBe(true);
    expect(await run({ command: ['false'], limitMs: 5000 })).toBe(false);
    expect(await run({ command: ['no-such-command'], limitMs: 5000 })).toBe(false);
  });

  it('hands on what it prints', async () => {
    let output = '';
    const onOutput = (text: string) => (output += text);
    await run({ command: ['echo', 'Provider: native'], limitMs: 5000, onOutput });
    expect(output).toBe('Provider: native\n');
  });

  it('fails at its limit, and leaves nothing of its group behind', async () => {
    let output = '';
    const hasPassed = await run({
      command: ['sh', '-c', 'sleep 60 & echo $!; wait'],
      limitMs: 300,
      onOutput: (text) => (output += text),
    });
    expect(hasPassed).toBe(false);
    await expectEnd(Number(output));
  });

  it('ends what a passed step has left in its group', async () => {
    let output = '';
    const command = ['sh', '-c', 'sleep 60 >/dev/null & echo $!'] as const;
    expect(await run({ command, limitMs: 5000, onOutput: (text) => (output += text) })).toBe(true);
    await expectEnd(Number(output));
  });

  it('ends when it is interrupted', async () => {
    const interruption = new AbortController();
    const ended = run({ command: ['sleep', '60'], limitMs: 60_000 }, interruption.signal);
    interruption.abort();
    expect(await ended).toBe(false);
  });
});

/** The signal is sent; the kernel may need a moment. */
async function expectEnd(pid: number): Promise<void> {
  expect(pid).toBeGreaterThan(1);
  const limit = Date.now() + 5000;
  while (isRunning(pid) && Date.now() < limit) await new Promise((resolve) => setImmediate(resolve));
  expect(isRunning(pid)).toBe(false);
}
