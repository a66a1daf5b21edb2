import type { FinishedRun, Scene } from './import-scene.ts';
import { type Condition, until } from './until.ts';

export const eager = ['--watch', '--watch-interval=100ms', '--log-level=debug'];

interface Watching extends AsyncDisposable {
  /** Fails when the run ends before. */
  until(condition: Condition): Promise<void>;
  readonly output: () => string;
  stop(): Promise<FinishedRun>;
}

interface WatchRequest {
  readonly more?: readonly string[];
  readonly settleTime?: string;
}

/** A run that watches, until it is stopped. */
export function watch(scene: Scene, { more = [], settleTime = '300ms' }: WatchRequest = {}): Watching {
  const ending = new AbortController();
  let printed = '';
  const finished = scene.run({
    more: [...eager, `--settle-time=${settleTime}`, ...more],
    signal: ending.signal,
    onOutput: (stdout) => (printed = stdout),
  });
  const stop = () => {
    ending.abort();
    return finished;
  };
  let hasEnded = false;
  const endedEarly = finished.then(({ exitCode, stderr }) => {
    hasEnded = true;
    if (!ending.signal.aborted) throw new Error(`the run ended by itself (${String(exitCode)}): ${stderr}`);
  });
  return {
    output: () => printed,
    until: (condition) => Promise.race([until(async () => hasEnded || (await condition())), endedEarly]),
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}
