import type { RunContext } from './tool.ts';
import type { ProgressState } from './progress.ts';

/** How a run stands at one moment. */
export interface Standing extends ProgressState {
  readonly backlog: {
    readonly items: number;
    /** Since when the oldest of them has been waiting; undefined: nothing waits. */
    readonly oldestAt: number | undefined;
  };
}

export interface StandingDisplay {
  stop(): void;
  /** Rejects when `look` does. */
  readonly finished: Promise<void>;
}

const everyMs = 1000;

/** Shows once a second, on the progress line and in the metrics, what `look` tells, until it is stopped. */
export function showStanding(
  { clock, progress, metrics }: Pick<RunContext, 'clock' | 'progress' | 'metrics'>,
  look: () => Standing,
): StandingDisplay {
  const ending = new AbortController();
  const run = async () => {
    while (!ending.signal.aborted) {
      const { backlog, ...state } = look();
      const now = clock.now().getTime();
      metrics.setBacklog(backlog.items, Math.max(0, (now - (backlog.oldestAt ?? now)) / 1000));
      progress.update(state);
      await clock.sleep(everyMs, ending.signal);
    }
  };
  return { stop: () => ending.abort(), finished: run() };
}
