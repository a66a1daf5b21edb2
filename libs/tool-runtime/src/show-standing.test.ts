import { describe, expect, it } from '@jest/globals';
import type { ProgressState } from './progress.ts';
import { showStanding } from './show-standing.ts';

describe('showStanding', () => {
  it('shows each second how the run stands and how long the oldest has waited, until it is stopped', async () => {
    let seconds = 100;
    const [shown, backlogs]: [ProgressState[], number[][]] = [[], []];
    const display = showStanding(
      {
        clock: {
          now: () => new Date(seconds * 1000),
          sleep: (ms: number) => {
            seconds += ms / 1000;
            if (seconds > 102) display.stop();
            return Promise.resolve();
          },
        },
        progress: {
          update: (state: ProgressState) => void shown.push(state),
          note: () => undefined,
          stop: () => undefined,
        },
        metrics: { setBacklog: (...told: number[]) => void backlogs.push(told) },
      } as unknown as Parameters<typeof showStanding>[0],
      () => ({
        doneItems: 1,
        doneParts: 2,
        doneBytes: 3,
        setAside: 0,
        backlog: seconds === 101 ? { items: 0, oldestAt: undefined } : { items: 5, oldestAt: 70_000 },
      }),
    );
    await display.finished;
    expect(backlogs).toEqual([
      [5, 30],
      [0, 0],
      [5, 32],
    ]);
    expect(shown[0]).toEqual({ doneItems: 1, doneParts: 2, doneBytes: 3, setAside: 0 });
  });
});
