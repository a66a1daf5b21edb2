import { asFailure } from '@orthanc-tools/failures';
import { isAccessRefused } from '@orthanc-tools/orthanc-client';
import type { Logger } from '@orthanc-tools/telemetry';
import { type JobWay, catchUp } from './carry-by-jobs.ts';
import type { Carrier } from './carrier.ts';
import { relay } from './relay.ts';

type Earlier = Pick<JobWay, 'source' | 'jobs' | 'memory'> & { readonly log: Logger };

/**
 * The relay of a run whose ledger may tell of jobs: an earlier run went by them, and one that is still sending is waited
 * for, as in that run. Who may not ask for jobs has always been able to copy, and still is.
 */
export const relayAfterJobs = (earlier: Earlier): Carrier => ({
  ...relay,
  async catchUp(claims, signal) {
    try {
      await catchUp(claims, earlier, signal);
    } catch (error) {
      const failure = asFailure(error);
      if (failure === undefined || !isAccessRefused(failure)) throw error;
      // The notes stay: as far as is known, something may still be going on.
      earlier.log.warn('job.cannot_be_asked', {
        code: failure.code,
        consequence: 'what it is still sending may be sent a second time',
      });
    }
  },
});
