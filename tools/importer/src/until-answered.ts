import { asFailure } from '@orthanc-tools/failures';
import type { RunContext } from '@orthanc-tools/tool-runtime';

const [firstMs, longestMs] = [500, 60_000];

/**
 * For what is asked outside the work loop: asks again while the server is away; undefined when the run is to stop.
 * @throws what would not pass by itself
 */
export async function untilAnswered<Answer>(
  { clock, log, health, signal }: Pick<RunContext, 'clock' | 'log' | 'health' | 'signal'>,
  ask: () => Promise<Answer>,
): Promise<Answer | undefined> {
  for (let waitMs = firstMs; !signal.aborted; waitMs = Math.min(waitMs * 2, longestMs)) {
    try {
      return await ask();
    } catch (error) {
      const failure = asFailure(error);
      if (signal.aborted) return undefined;
      if (failure === undefined || failure.kind === 'permanent' || failure.kind === 'configuration')
        throw error;
      log.warn('server.awaited', { code: failure.code, waitMs });
      const awaited = health.awaitServer();
      const restMs = Math.max(waitMs, failure.retryAfterMs ?? 0);
      health.listeners.onTurn(restMs);
      await clock.sleep(restMs, signal);
      awaited[Symbol.dispose]();
    }
  }
  return undefined;
}
