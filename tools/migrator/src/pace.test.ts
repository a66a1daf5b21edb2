import { describe, expect, it } from '@jest/globals';
import { paceOf } from './pace.ts';

function simulatedClock() {
  let ms = 0;
  return {
    now: () => new Date(ms),
    sleep: (wait: number) => Promise.resolve(void (ms += wait)),
    pass: (wait: number) => void (ms += wait),
  };
}
const { signal } = new AbortController();

describe('a pace', () => {
  it('lets the next transfer wait until the average is kept', async () => {
    const clock = simulatedClock();
    const pace = paceOf(60, clock);
    await pace.untilFree(signal);
    expect(clock.now().getTime()).toBe(0);
    pace.spend(30);
    pace.spend(30);
    await pace.untilFree(signal);
    expect(clock.now().getTime()).toBe(60_000);
  });

  it('does not make up for time in which nothing went', async () => {
    const clock = simulatedClock();
    const pace = paceOf(60, clock);
    clock.pass(3_600_000);
    pace.spend(60);
    await pace.untilFree(signal);
    expect(clock.now().getTime()).toBe(3_660_000);
  });

  it('is none without a limit', async () => {
    const clock = simulatedClock();
    const pace = paceOf(undefined, clock);
    pace.spend(1_000_000);
    await pace.untilFree(signal);
    expect(clock.now().getTime()).toBe(0);
  });
});
