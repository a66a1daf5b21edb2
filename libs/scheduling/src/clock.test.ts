import { describe, expect, it } from '@jest/globals';
import { systemClock } from './clock.ts';

describe('the clock of the system', () => {
  it('wakes up when the signal is aborted, without an error', async () => {
    const stop = new AbortController();
    const asleep = systemClock.sleep(3_600_000, stop.signal);
    stop.abort();
    await expect(asleep).resolves.toBeUndefined();
  });

  it('does not fall asleep after the signal was aborted', async () => {
    await expect(systemClock.sleep(3_600_000, AbortSignal.abort())).resolves.toBeUndefined();
  });

  it('takes a moment that has passed for now', async () => {
    await expect(systemClock.sleep(-1)).resolves.toBeUndefined();
  });

  it('does not take a very long sleep for none', async () => {
    const stop = new AbortController();
    let isAwake = false;
    const asleep = systemClock.sleep(2 ** 40, stop.signal).then(() => {
      isAwake = true;
    });
    await systemClock.sleep(5);
    expect(isAwake).toBe(false);
    stop.abort();
    await asleep;
  });
});
