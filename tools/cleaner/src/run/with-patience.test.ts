import { describe, expect, it } from '@jest/globals';
import { transientFailure } from '@orthanc-tools/failures';
import { withPatience } from './with-patience.ts';

const patienceMs = 600_000;

/** A run at a clock that moves only when it is told to, or while `patiently` waits between two questions. */
function openRun() {
  let now = 0;
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  const pass = async (ms: number) => {
    now += ms;
    for (const sleeper of sleepers)
      if (sleeper.until <= now) {
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    await new Promise(setImmediate);
  };
  const clock = {
    now: () => new Date(now),
    async sleep(ms: number, signal?: AbortSignal): Promise<void> {
      if (ms < patienceMs) return pass(ms);
      await new Promise<void>((resolve) => {
        sleepers.add({ until: now + ms, wake: resolve });
        signal?.addEventListener('abort', () => {
          resolve();
        });
      });
    },
  };
  const health = { awaitServer: () => ({ [Symbol.dispose]() {} }), listeners: { onTurn() {} } };
  const log = { info() {}, warn() {} };
  const context = { clock, health, log, signal: new AbortController().signal, patienceMs };
  return { pass, context: context as unknown as Parameters<typeof withPatience>[0], now: () => now };
}

const away = () => transientFailure('AWAY', 'away');

describe('the patience of a run', () => {
  it('is for an Orthanc that is away, not for what takes long: it begins at the outage', async () => {
    const { context, pass } = openRun();
    let asked = 0;
    const answer = await withPatience(context, async ({ answered }) => {
      asked += 1;
      // It is away for some questions, in the middle of what takes longer than it is to be waited for.
      if (asked > 1 && asked < 5) throw away();
      answered();
      await pass(2 * patienceMs);
      if (asked === 1) throw away();
      return asked;
    });
    expect(answer).toBe(5);
  });

  it('is over when Orthanc stays away for so long', async () => {
    const { context, now } = openRun();
    expect(await withPatience(context, () => Promise.reject(away()))).toBeUndefined();
    expect(now()).toBeGreaterThanOrEqual(patienceMs);
    expect(now()).toBeLessThan(patienceMs + 60_001);
  });

  it('is over when the same fails again and again, though Orthanc answers', async () => {
    const { context, now } = openRun();
    const answer = await withPatience(context, ({ answered }) => {
      answered();
      return Promise.reject(away());
    });
    expect(answer).toBeUndefined();
    expect(now()).toBeLessThan(patienceMs + 60_001);
  });

  it('ends at once with what would not pass by itself', async () => {
    const { context } = openRun();
    await expect(withPatience(context, () => Promise.reject(new Error('a defect')))).rejects.toThrow(
      'a defect',
    );
  });
});
