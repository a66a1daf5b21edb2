import { type Failure, asFailure } from '@orthanc-tools/failures';
import type { Orthanc, StoredInstance, UnlessFull } from '@orthanc-tools/orthanc-client';
import type { Sending, WatchedJobs } from '@orthanc-tools/sending-jobs';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Carrier, Errand } from './carrier.ts';
import type { Lanes } from './lanes.ts';
import { lookAgain } from './look-at-studies.ts';
import { type Load, planLoads } from './plan-loads.ts';
import { singlyFromAttempt } from './relay.ts';
import { noteAbsent, proofOfRewritten, withdrawAbsent } from './rewritten.ts';
import { type StudyMemory, begunJob, forgetJob, noteJob } from './study-memory.ts';

export interface JobWay {
  readonly source: Orthanc;
  readonly sending: Sending;
  readonly jobs: WatchedJobs;
  readonly memory: StudyMemory;
  /** Sends one instance alone. @returns why it was not stored */
  readonly sendAlone: (instance: StoredInstance, signal: AbortSignal) => Promise<Failure | undefined>;
  /** What arrives is another file with the same image, as by C-STORE. */
  readonly rewrites: boolean;
}

interface CarrierWay extends JobWay {
  readonly unlessFull: UnlessFull;
}

/** Has the source send by jobs of its own: nothing of what is copied passes through this process. */
export function carryByJobs(way: CarrierWay): Carrier {
  return {
    catchUp: async (claims, signal) => {
      await catchUp(claims, way, signal);
    },
    carry: (errands, { lanes }) => {
      if (way.rewrites) noteAbsent(way.memory, errands);
      return sendAll(errands, lanes, way);
    },
    carryOne: async (instance, { signal }) => {
      const failure = await way.sendAlone(instance, signal);
      return failure && way.unlessFull(failure, instance.size);
    },
    ...(way.rewrites && {
      proveRewritten: (both, study, { lanes, signal }) =>
        proofOfRewritten(both, { lanes, signal, study, memory: way.memory }),
      concluded: (study, instances, provedBySending) => {
        withdrawAbsent({ memory: way.memory, study }, instances, provedBySending);
      },
    }),
  };
}

/**
 * Waits for the jobs that an earlier process has begun for these studies.
 * @returns the studies of which a job is known to have succeeded
 */
export async function catchUp(
  claims: readonly Pick<Claim, 'key'>[],
  { source, jobs, memory }: Pick<JobWay, 'source' | 'jobs' | 'memory'>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const succeeded = new Set<string>();
  for (const { key } of claims) {
    const job = begunJob(memory, key);
    if (job === undefined) continue;
    const known =
      job.id === undefined
        ? await jobs.find(await source.studies.instanceIds(key, signal), signal)
        : [job.id];
    let isSuccess = job.id !== undefined;
    for (const id of known) isSuccess = (await jobs.resume(id, signal)).isSuccess && isSuccess;
    // A job that was only found may be one of several.
    if (isSuccess) succeeded.add(key);
    forgetJob(memory, [key]);
  }
  return succeeded;
}

async function sendAll(
  errands: readonly Errand[],
  lanes: Lanes,
  way: CarrierWay,
): Promise<ReadonlyMap<Claim, Failure>> {
  const failures = new Map<Claim, Failure>();
  const together = errands.filter(({ claim }) => claim.attempt < singlyFromAttempt);
  for (const load of planLoads(together.map((owner) => ({ owner, missing: owner.view.missing })))) {
    if (load[0]?.owner.crossing.signal.aborted !== false) break;
    const failure = await sendPast(load, lanes, way);
    if (failure !== undefined) for (const { claim } of ownersIn(load)) failures.set(claim, failure);
  }
  return failures;
}

const ownersIn = (load: Load<Errand>): readonly Errand[] => [...new Set(load.map(({ owner }) => owner))];

/** Where a job has ended is known of one that told of its end itself: a look that failed says nothing, the job goes on. */
const hasToldItsEnd = ({ code, facts }: Failure): boolean =>
  facts['jobType'] !== undefined && code !== 'JOB_STALLED';

/**
 * A job sends one instance after the other and ends with the first that is refused: what lies behind that is sent by
 * another job, as long as jobs bring something. What was refused is left to be sent alone.
 */
async function sendPast(load: Load<Errand>, lanes: Lanes, way: CarrierWay): Promise<Failure | undefined> {
  let failure: Failure | undefined;
  let rest = load;
  for (let inVain = 0; rest.length > 0 && inVain < 2;) {
    const failed = await sendTogether(rest, way);
    if (failed === undefined) return failure;
    failure = failed;
    if (!hasToldItsEnd(failed)) return failure;
    const left = await stillMissing(rest, lanes);
    const [refused] = left;
    if (refused !== undefined) failure = await way.unlessFull(failed, refused.instance.size);
    inVain = left.length === rest.length ? inVain + 1 : 0;
    rest = left.slice(1);
  }
  return failure;
}

async function stillMissing(load: Load<Errand>, lanes: Lanes): Promise<Load<Errand>> {
  const owners = ownersIn(load);
  const [first] = owners;
  if (first === undefined) return [];
  const after = await lookAgain(
    owners.map(({ view }) => view),
    lanes,
    first.crossing.signal,
  );
  const held = new Set([...after.values()].flat().map(({ id }) => id));
  return load.filter(({ instance }) => !held.has(instance.id));
}

/** @throws what ends the run, and leaves noted that a job may be going on */
async function sendTogether(load: Load<Errand>, way: JobWay): Promise<Failure | undefined> {
  const owners = ownersIn(load);
  const [first] = owners;
  if (first === undefined) return undefined;
  const { signal } = first.crossing;
  const ids = load.map(({ instance }) => instance.id);
  const failure = await sendNoted(ids, { ...way, signal, studies: owners.map(({ claim }) => claim.key) });
  if (failure !== undefined) return failure;
  for (const { owner, instances } of byOwner(load))
    owner.crossing.tell({
      parts: instances.length,
      bytes: instances.reduce((sum, { size }) => sum + size, 0),
    });
  return undefined;
}

const byOwner = (load: Load<Errand>) =>
  [...Map.groupBy(load, ({ owner }) => owner)].map(([owner, members]) => ({
    owner,
    instances: members.map(({ instance }) => instance),
  }));

interface Noting extends Pick<JobWay, 'sending' | 'jobs' | 'memory'> {
  readonly studies: readonly string[];
  /** Called when no earlier job can be taken for this one any more, and before it is begun. */
  readonly beforeBegin?: () => void;
  readonly signal: AbortSignal;
}

/**
 * Sends by one job; before it is begun and once its identifier is known that is noted with the studies, so that whoever
 * dies in between is not followed by one that sends the same once more.
 * @returns why it did not end in success, unless that is a matter of the whole run
 */
export async function sendNoted(
  ids: readonly string[],
  { sending, jobs, memory, studies, beforeBegin, signal }: Noting,
): Promise<Failure | undefined> {
  noteJob(memory, studies, {});
  beforeBegin?.();
  try {
    const id = await sending.begin(ids, signal);
    if (id !== undefined) {
      noteJob(memory, studies, { id });
      await jobs.finish(id, signal);
    }
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined || failure.scope === 'run') throw error;
    // The note stays: as far as is known, something may still be going on.
    return failure;
  }
  forgetJob(memory, studies);
  return undefined;
}
