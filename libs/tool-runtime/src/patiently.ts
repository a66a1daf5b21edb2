import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { RunContext } from './tool.ts';

const firstWaitMs = 500;
const longestWaitMs = 60_000;

/** What it takes to wait for a server, and to tell that it is waited for. */
export interface Patience extends Pick<RunContext, 'clock' | 'log' | 'signal' | 'health'> {
  /** What else is waited for; nothing unless given. */
  readonly bears?: (failure: Failure) => boolean;
}

/**
 * For what is asked outside a work loop: asks again, with growing pauses, while the server is away, and says so
 * once. Undefined when the run is to stop.
 * @throws what would not pass by itself
 */
export async function patiently<Answer>(
  ask: () => Promise<Answer>,
  { clock, log, signal, health, bears = () => false }: Patience,
): Promise<Answer | undefined> {
  let away: Disposable | undefined;
  let told: string | undefined;
  try {
    for (let waitMs = firstWaitMs; !signal.aborted; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      try {
        const answer = await ask();
        if (away !== undefined) log.info('server.answered');
        return answer;
      } catch (error) {
        if (signal.aborted) return undefined;
        const { code, message, retryAfterMs = waitMs } = passing(error, bears);
        away ??= health.awaitServer();
        // Once for an outage, however long, unless its reason becomes another.
        if (told !== code) log.warn('server.waited_for', { code, message, waitMs: retryAfterMs });
        told = code;
        health.listeners.onTurn(retryAfterMs);
        await clock.sleep(retryAfterMs, signal);
      }
    }
  } finally {
    away?.[Symbol.dispose]();
  }
  return undefined;
}

/** The failure, when it may pass by itself. */
function passing(error: unknown, bears: (failure: Failure) => boolean): Failure {
  const failure = asFailure(error);
  const mayPass =
    failure !== undefined && (failure.kind === 'transient' || failure.kind === 'ambiguous' || bears(failure));
  if (!mayPass) throw error;
  return failure;
}
