import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { Orthanc, StoredInstance } from '@orthanc-tools/orthanc-client';
import type { Sending, WatchedJobs } from '@orthanc-tools/sending-jobs';
import { streamFile } from './move-file.ts';
import { refusedBy } from './relay.ts';

type SendAlone = (instance: StoredInstance, signal: AbortSignal) => Promise<Failure | undefined>;

const failureOf = async (attempt: () => Promise<Failure | undefined>): Promise<Failure | undefined> => {
  try {
    return await attempt();
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || failure.scope === 'run') throw error;
    return failure;
  }
};

/**
 * Hands the file back to the source, to be passed on to the peer at once: unlike a job, that gives the peer's own receipt.
 */
export function sendStraight(source: Orthanc, peer: string): SendAlone {
  const store = (...[file, signal]: Parameters<Orthanc['instances']['store']>) =>
    source.peers.storeStraight(peer, file, signal);
  const ends = { source, destination: { instances: { store } } };
  return (instance, signal) =>
    failureOf(async () => refusedBy(await streamFile(instance, ends, signal), instance));
}

/** By a job of its own, whose end is the answer. */
export function sendByOwnJob(sending: Sending, jobs: WatchedJobs): SendAlone {
  return ({ id }, signal) =>
    failureOf(async () => {
      const job = await sending.begin([id], signal);
      if (job !== undefined) await jobs.finish(job, signal);
      return undefined;
    });
}
