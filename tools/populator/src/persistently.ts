import { type Failure, asFailure } from '@orthanc-tools/failures';
import { type Suspects, whoseFault } from '@orthanc-tools/orthanc-client';
import type { RunContext } from '@orthanc-tools/tool-runtime';

const firstPauseMs = 500;
const longestPauseMs = 30_000;

/** So long may one turn take beside its pauses before the run counts as stuck. */
export const turnMs = 10 * 60_000;

export interface Persistence {
  readonly context: Pick<RunContext, 'clock' | 'signal' | 'log' | 'health'>;
  readonly maxRetries: number;
  /** The server may be away although something before it answers. */
  readonly suspects: Suspects;
}

const isWorthRepeating = ({ kind }: Failure): boolean => kind === 'transient' || kind === 'ambiguous';

/**
 * Tries again what may succeed later. To store the same bytes twice is harmless, so that an answer that was lost is no
 * reason to look first. Who waits here holds what could not be sent: nothing new is made meanwhile, and memory stays
 * bounded without a record on disk.
 * @throws the last failure, of scope `run` where the server is away; when interrupted, at once
 */
export async function persistently<Value>(
  action: () => Promise<Value>,
  { context, maxRetries, suspects }: Persistence,
): Promise<Value> {
  for (let retry = 0; ; retry += 1) {
    const since = performance.now();
    try {
      return await action();
    } catch (error) {
      const failure = asFailure(error);
      // Who is to end does not wait for a server to say that it is there.
      if (failure === undefined || context.signal.aborted) throw error;
      const judged = await whoseFault(failure, suspects, since);
      if (!isWorthRepeating(judged) || retry >= maxRetries) throw judged;
      await pauseAfter(judged, retry, context);
      if (context.signal.aborted) throw judged;
    }
  }
}

async function pauseAfter(failure: Failure, retry: number, context: Persistence['context']): Promise<void> {
  const { clock, signal, log, health } = context;
  const pauseMs = Math.max(failure.retryAfterMs ?? 0, Math.min(firstPauseMs * 2 ** retry, longestPauseMs));
  log.warn('upload.repeated', { code: failure.code, retry: retry + 1, pauseMs });
  health.listeners.onTurn(pauseMs + turnMs);
  using waiting = failure.scope === 'run' ? health.awaitServer() : nothing();
  void waiting;
  await clock.sleep(pauseMs, signal);
}

const nothing = (): Disposable => ({ [Symbol.dispose]: () => undefined });
