import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { RunContext } from '@orthanc-tools/tool-runtime';

const firstPauseMs = 500;
const longestPauseMs = 30_000;

export interface Persistence {
  readonly context: Pick<RunContext, 'clock' | 'signal' | 'log' | 'health'>;
  readonly maxRetries: number;
}

const isWorthRepeating = ({ kind }: Failure): boolean => kind === 'transient' || kind === 'ambiguous';

/**
 * Tries again what may succeed later. To store the same bytes twice is harmless, so that an answer that was lost is no
 * reason to look first. Who waits here holds what could not be sent: nothing new is made meanwhile, and memory stays
 * bounded without a record on disk.
 * @throws the last failure; when interrupted, at once
 */
export async function persistently<Value>(
  action: () => Promise<Value>,
  { context, maxRetries }: Persistence,
): Promise<Value> {
  const { clock, signal, log, health } = context;
  for (let retry = 0; ; retry += 1) {
    try {
      return await action();
    } catch (error) {
      const failure = asFailure(error);
      if (failure === undefined || !isWorthRepeating(failure) || retry >= maxRetries || signal.aborted)
        throw error;
      const pauseMs = Math.max(
        failure.retryAfterMs ?? 0,
        Math.min(firstPauseMs * 2 ** retry, longestPauseMs),
      );
      log.warn('upload.repeated', { code: failure.code, retry: retry + 1, pauseMs });
      using waiting = failure.scope === 'run' ? health.awaitServer() : nothing();
      void waiting;
      await clock.sleep(pauseMs, signal);
      if (signal.aborted) throw error;
    }
  }
}

const nothing = (): Disposable => ({ [Symbol.dispose]: () => undefined });
