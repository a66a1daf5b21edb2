import { type Failure, asFailure, transientFailure } from '@orthanc-tools/failures';
import { type Job, type Orthanc, receivedIn } from '@orthanc-tools/orthanc-client';
import type { Clock, WeeklySchedule } from '@orthanc-tools/scheduling';

/** How long things may take, in ms. */
export interface TransferLimits {
  /** Without any progress, once it has begun. */
  readonly stall: number;
  /** From its beginning. */
  readonly transfer: number;
  /** After the running hours have ended. */
  readonly closing: number;
}

export interface Following {
  readonly clock: Clock;
  readonly schedule: WeeklySchedule;
  readonly limits: TransferLimits;
  readonly signal: AbortSignal;
  /** What has arrived by now, where the job itself does not tell; undefined: it cannot be asked. */
  readonly count: (signal: AbortSignal) => Promise<number | undefined>;
}

/** The running hours have ended: what is in hand is given back, and goes on when they begin again. */
export const hoursEnded = 'HOURS_ENDED';

export const hoursEndedFailure = (): Failure => transientFailure(hoursEnded, 'The running hours have ended.');

const looksPerStall = 6;
const [soonestLookMs, latestLookMs] = [200, 10_000];
/** For a job to hear that it is cancelled. */
const cancellingMs = 10_000;

/**
 * Follows a job of a transfer to its end, whatever that is. One that brings nothing for too long, takes too long, or goes
 * on too long after the running hours is cancelled; how long Orthanc lets it wait for its turn does not count.
 * @throws transient `TRANSFER_STALLED`, `TRANSFER_TOO_LONG`, `HOURS_ENDED`; ambiguous `JOB_LOST`
 */
export async function followTransfer(orthanc: Orthanc, id: string, following: Following): Promise<Job> {
  const { clock, signal } = following;
  const ended = new AbortController();
  const given = new AbortController();
  let latest: Job | undefined;
  const watching = watch(() => latest, following, { ended: ended.signal, giveUp: (why) => given.abort(why) });
  try {
    const onProgress = (job: Job) => {
      latest = job;
    };
    return await orthanc.jobs.wait(id, {
      clock,
      signal: AbortSignal.any([signal, given.signal]),
      onProgress,
    });
  } catch (error) {
    if (given.signal.aborted && !signal.aborted) await untilGone(orthanc, id, following);
    throw error;
  } finally {
    ended.abort();
    await watching;
  }
}

interface Watch {
  readonly ended: AbortSignal;
  giveUp(why: Failure): void;
}

async function watch(
  job: () => Job | undefined,
  following: Following,
  { ended, giveUp }: Watch,
): Promise<void> {
  const { clock, limits, schedule } = following;
  const now = () => clock.now().getTime();
  const pause = Math.min(Math.max(limits.stall / looksPerStall, soonestLookMs), latestLookMs);
  let [startedAt, seen, seenAt, closedAt] = [now(), '', now(), undefined as number | undefined];
  while (!ended.aborted) {
    await clock.sleep(pause, ended);
    if (ended.aborted) return;
    // What waits for its turn among other jobs of Orthanc has not been begun: the source was not asked yet.
    const isWaiting = job()?.state === 'Pending';
    if (isWaiting) startedAt = now();
    const news = isWaiting ? '' : await standingOf(job(), following, ended);
    if (isWaiting || news !== seen) [seen, seenAt] = [news, now()];
    closedAt = schedule.isOpen(clock.now()) ? undefined : (closedAt ?? now());
    const why = judge(
      { quiet: now() - seenAt, running: now() - startedAt, closed: now() - (closedAt ?? now()) },
      limits,
    );
    if (why === undefined) continue;
    giveUp(why);
    return;
  }
}

interface Times {
  readonly quiet: number;
  readonly running: number;
  readonly closed: number;
}

function judge({ quiet, running, closed }: Times, limits: TransferLimits): Failure | undefined {
  if (quiet > limits.stall)
    return transientFailure('TRANSFER_STALLED', 'A transfer has brought nothing for too long.');
  if (running > limits.transfer)
    return transientFailure('TRANSFER_TOO_LONG', 'A transfer has taken too long.');
  return closed > limits.closing ? hoursEndedFailure() : undefined;
}

/** One text for how far a transfer is: what differs from the last one is progress. */
async function standingOf(job: Job | undefined, { count }: Following, signal: AbortSignal): Promise<string> {
  const received = job === undefined ? undefined : receivedIn(job);
  const arrived = await count(signal).catch((error: unknown) => {
    if (asFailure(error) === undefined && !signal.aborted) throw error;
    return undefined;
  });
  return [job?.state, job?.progress, received, arrived].join(' ');
}

/** A job that was told to end may still hold its association: the source is not asked for more meanwhile. */
async function untilGone(orthanc: Orthanc, id: string, { clock, signal }: Following): Promise<void> {
  const until = clock.now().getTime() + cancellingMs;
  while (clock.now().getTime() < until && !signal.aborted) {
    const job = await orthanc.jobs.get(id).catch((error: unknown) => {
      if (asFailure(error) === undefined) throw error;
      return undefined;
    });
    if (job === undefined || job.state === 'Success' || job.state === 'Failure') return;
    await clock.sleep(soonestLookMs, signal);
  }
}
