import { asFailure } from '@orthanc-tools/failures';
import { type Job, type Orthanc, namedIn } from '@orthanc-tools/orthanc-client';
import type { Clock } from '@orthanc-tools/scheduling';
import { sentNothing } from './sent-nothing.ts';

/** What a job has taken along. */
export interface CarriedByJob {
  /** Orthanc identifiers of resources that were named to it; by DICOMweb also of each of their instances. */
  readonly ids: ReadonlySet<string>;
  /** As Orthanc writes it, in UTC. */
  readonly begunAt: string | undefined;
}

export interface SendingEnd {
  /** False when it failed, or is no longer known. */
  readonly isSuccess: boolean;
  /** It failed as the target could not even be spoken to. */
  readonly hasSentNothing: boolean;
  /** Undefined where Orthanc no longer knows it. */
  readonly carried: CarriedByJob | undefined;
}

/** Jobs of one Orthanc that send, also those that were begun by somebody who is no more. */
export interface WatchedJobs {
  /** @throws what became of it; after an ambiguous failure a part may have arrived */
  finish(jobId: string, signal: AbortSignal): Promise<CarriedByJob>;
  /** Jobs that are still sending some of these, for whoever did not hear what it had begun. */
  find(instanceIds: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** Waits for a job that was begun earlier. */
  resume(jobId: string, signal: AbortSignal): Promise<SendingEnd>;
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
      return carriedBy(await source.jobs.finish(job, { ...watch, signal }));
    },
    async find(instanceIds, signal) {
      const wanted = new Set(instanceIds);
      const jobs = await source.jobs.unfinished(signal);
      return jobs.flatMap(({ id, resourceIds }) => (resourceIds.some((one) => wanted.has(one)) ? [id] : []));
    },
    async resume(job, signal) {
      try {
        const ended = await source.jobs.wait(job, { ...watch, signal });
        const { failure } = ended;
        return {
          isSuccess: failure === undefined,
          hasSentNothing: sentNothing(failure),
          carried: carriedBy(ended),
        };
      } catch (error) {
        // The destination is asked next: what it does not hold was not sent.
        const code = asFailure(error)?.code;
        if (code === 'JOB_LOST' || code === 'JOB_STALLED')
          return { isSuccess: false, hasSentNothing: false, carried: undefined };
        throw error;
      }
    },
  };
}

const carriedBy = (job: Job): CarriedByJob => ({ ids: new Set(namedIn(job)), begunAt: job.createdAt });
