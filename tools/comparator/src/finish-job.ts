import { asFailure, transientFailure } from '@orthanc-tools/failures';
import { receivedIn } from '@orthanc-tools/orthanc-client';
import type { RepairStep } from './repair.ts';

/** A transfer that was cancelled because it brought nothing. */
export const stalled = 'TRANSFER_STALLED';

const looksPerStall = 6;
const [soonestLookMs, latestLookMs] = [200, 10_000];

/**
 * Follows a job of a repair to its end; one that brings nothing for too long is cancelled.
 * @throws transient `TRANSFER_STALLED`, and the failure of the job
 */
export async function finishJob(id: string, step: RepairStep): Promise<void> {
  const { clock, signal } = step.context;
  const ended = new AbortController();
  const given = new AbortController();
  const watching = watch(id, step, { ended: ended.signal, given });
  try {
    await step.sides.orthanc.jobs.finish(id, { clock, signal: AbortSignal.any([signal, given.signal]) });
  } finally {
    ended.abort();
    await watching;
  }
}

interface Watch {
  readonly ended: AbortSignal;
  readonly given: AbortController;
}

async function watch(id: string, step: RepairStep, { ended, given }: Watch): Promise<void> {
  const { stallLimit, context } = step;
  const { clock } = context;
  const pause = Math.min(Math.max(stallLimit / looksPerStall, soonestLookMs), latestLookMs);
  let [seen, seenAt] = ['', clock.now().getTime()];
  while (!ended.aborted && !given.signal.aborted) {
    await clock.sleep(pause, ended);
    if (ended.aborted) return;
    const news = await standingOf(id, step, ended);
    // What waits for its turn among other jobs is not silent.
    if (news !== undefined && (news.isWaiting || news.standing !== seen))
      [seen, seenAt] = [news.standing, clock.now().getTime()];
    else if (clock.now().getTime() - seenAt > stallLimit)
      given.abort(transientFailure(stalled, 'A transfer has brought nothing for too long.'));
  }
}

/** How far it is, as one text: the job may not tell what has arrived. Undefined: it cannot be asked now. */
async function standingOf(id: string, { sides, items }: RepairStep, signal: AbortSignal) {
  const { orthanc } = sides;
  try {
    const job = await orthanc.jobs.get(id, signal);
    const match = { StudyInstanceUID: items[0]?.studyInstanceUid ?? '' };
    const tell = ['NumberOfStudyRelatedInstances'];
    const here = await orthanc.resources.find({ level: 'Study', match, tell, isLean: false, signal });
    const arrived = here.map(({ tags }) => tags['NumberOfStudyRelatedInstances']);
    const standing = [job.state, job.progress, receivedIn(job), ...arrived].join(' ');
    return { standing, isWaiting: job.state === 'Pending' };
  } catch (error) {
    if (signal.aborted || asFailure(error) !== undefined) return undefined;
    throw error;
  }
}
