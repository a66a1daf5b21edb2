import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { RunContext } from '@orthanc-tools/tool-runtime';

const firstWaitMs = 500;
const longestWaitMs = 60_000;

/** What it takes to wait for a server, and to tell that it is waited for. */
export interface Patience extends Pick<RunContext, 'clock' | 'log' | 'signal' | 'health'> {
  /** What else is waited for; nothing unless given. */
  readonly bears?: (failure: Failure) => boolean;
}

/** Repeats what a server that is away for a while does not answer, with growing pauses; other failures are thrown. */
export async function untilAnswered(
  read: () => Promise<void>,
  { clock, log, signal, health, bears = () => false }: Patience,
): Promise<void> {
  let away: Disposable | undefined;
  try {
    for (let waitMs = firstWaitMs; !signal.aborted; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      try {
        await read();
        if (away !== undefined) log.info('server.answered');
        return;
      } catch (error) {
        if (signal.aborted) return;
        const failure = asFailure(error);
        if (failure === undefined) throw error;
        const mayPass = failure.kind === 'transient' || failure.kind === 'ambiguous' || bears(failure);
        if (!mayPass) throw error;
        away ??= health.awaitServer();
        log.warn('server.waited_for', { code: failure.code, waitMs });
        await clock.sleep(failure.retryAfterMs ?? waitMs, signal);
      }
    }
  } finally {
    away?.[Symbol.dispose]();
  }
}
