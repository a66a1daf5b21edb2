import { asFailure } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Clock } from '@orthanc-tools/scheduling';

/** Jobs of one Orthanc that send, also those that were begun by somebody who is no more. */
export interface WatchedJobs {
  /** @throws what became of it; after an ambiguous failure a part may have arrived */
  finish(jobId: string, signal: AbortSignal): Promise<void>;
  /** Jobs that are still sending some of these, for whoever did not hear what it had begun. */
  find(instanceIds: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** Waits for a job that was begun earlier. True when it succeeded; false when it failed, or is no longer known. */
  resume(jobId: string, signal: AbortSignal): Promise<boolean>;
}

interface Watching {
  readonly clock: Clock;
  /** How long a job may make no progress before it is cancelled, in ms; for ever if left out. */
  readonly stallLimit?: number | undefined;
}

/** Orthanc forgets all but the last ten jobs that have ended: of small ones so many may end within half a second (ms). */
const pollEvery = 200;

export function watchJobs(source: Orthanc, { clock, stallLimit }: Watching): WatchedJobs {
  const watch = { clock, stallLimit, pollEvery };
  return {
    async finish(job, signal) {
      await source.jobs.finish(job, { ...watch, signal });
    },
    async find(instanceIds, signal) {
      const wanted = new Set(instanceIds);
      const jobs = await source.jobs.unfinished(signal);
      return jobs.flatMap(({ id, resourceIds }) => (resourceIds.some((one) => wanted.has(one)) ? [id] : []));
    },
    async resume(job, signal) {
      try {
        return (await source.jobs.wait(job, { ...watch, signal })).failure === undefined;
      } catch (error) {
        // The destination is asked next: what it does not hold was not sent.
        const code = asFailure(error)?.code;
        if (code === 'JOB_LOST' || code === 'JOB_STALLED') return false;
        throw error;
      }
    },
  };
}
