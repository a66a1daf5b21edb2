import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { Clock } from '@orthanc-tools/scheduling';
import type { Logger } from '@orthanc-tools/telemetry';

const firstWaitMs = 500;
const longestWaitMs = 60_000;

export interface Patience {
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** What else is waited for; nothing unless given. */
  readonly bears?: (failure: Failure) => boolean;
}

/** Repeats what a server that is away for a while does not answer, with growing pauses; other failures are thrown. */
export async function patiently(
  read: () => Promise<void>,
  { clock, log, signal, bears = () => false }: Patience,
): Promise<void> {
  for (let waitMs = firstWaitMs; !signal.aborted; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    try {
      await read();
      return;
    } catch (error) {
      if (signal.aborted) return;
      const failure = asFailure(error);
      if (failure === undefined) throw error;
      const mayPass = failure.kind === 'transient' || failure.kind === 'ambiguous' || bears(failure);
      if (!mayPass) throw error;
      log.warn('server.waited_for', { code: failure.code, waitMs });
      await clock.sleep(failure.retryAfterMs ?? waitMs, signal);
    }
  }
}
