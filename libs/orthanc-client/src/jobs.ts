import { type Failure, ambiguousFailure, asFailure } from '@orthanc-tools/failures';
import type { Ask, Question } from './ask.ts';
import { jobFailureIn } from './job-failure.ts';
import { type JsonRecord, count, filledText, list, optionalCount, record, text } from './json-fields.ts';

/** One of Orthanc's jobs. */
export interface Job {
  readonly id: string;
  readonly type: string;
  /** `Pending`, `Running`, `Success`, `Failure`, `Paused`, `Retry`. */
  readonly state: string;
  /** Per cent. Of a job that failed it says nothing about what was done. */
  readonly progress: number;
  readonly errorCode: number | undefined;
  readonly errorDescription: string | undefined;
  /** As Orthanc writes it, in UTC: `20261130T101500.123456`. */
  readonly createdAt?: string | undefined;
  /** What the job's type tells of itself, unchecked. */
  readonly content: JsonRecord;
  /** Of a job that has ended without having done all of its work. */
  readonly failure: Failure | undefined;
}

export interface UnfinishedJob {
  readonly id: string;
  /** Orthanc identifiers of the resources that it was given, of any level, as far as its type tells them. */
  readonly resourceIds: readonly string[];
}

interface Sleeper {
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface JobWatch {
  readonly clock: Sleeper;
  /** The longest pause between two looks, in ms; the first ones are shorter. 500 by default. */
  readonly pollEvery?: number;
  /**
   * How long the job may make no progress before it is cancelled, in ms by the clock's own pauses; for ever if left out.
   * A job that waits for its turn (`Pending`) is not held to it.
   */
  readonly stallLimit?: number | undefined;
  /** Cancels the job. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each new state and of each progress; also of `Paused` and `Retry`, in which a job may stay for long. */
  readonly onProgress?: (job: Job) => void;
}

/**
 * Orthanc's jobs. Its history is short (ten, unless configured otherwise) and gone after some restarts: a job that it no
 * longer knows may or may not have done its work.
 */
export interface Jobs {
  /** @throws ambiguous `JOB_LOST` when Orthanc no longer knows the job */
  get(id: string, signal?: AbortSignal): Promise<Job>;
  /**
   * Looks until the job has ended, however it did: see its `failure`. Goes through `Paused` and `Retry`. May be called
   * again for the same job after a look has failed: the job goes on.
   *
   * @throws ambiguous `JOB_LOST`; `JOB_STALLED`, or when `signal` is aborted its reason, after the job was told to cancel
   */
  wait(id: string, watch: JobWatch): Promise<Job>;
  /** The same, and throws the job's failure. */
  finish(id: string, watch: JobWatch): Promise<Job>;
  /** Those that have not ended, also of earlier clients. */
  unfinished(signal?: AbortSignal): Promise<UnfinishedJob[]>;
  /** Tells the job to end. It may still be running when this returns. */
  cancel(id: string): Promise<void>;
}

/** In ms. */
const shortestPause = 20;

/** Of its end is heard a quarter of what it took later, at most: whoever waits for it may have the next job to begin. */
const pauseAfter = (waited: number, longest: number): number => Math.min(shortestPause + waited / 4, longest);

/** In ms: whoever was told to stop does not wait for long. */
const cancelLimit = 5000;

const hasEnded = ({ state }: Job): boolean => state === 'Success' || state === 'Failure';

function parseJob(value: unknown): Job {
  const from = record(value, 'the answer');
  const content = record(from['Content'] ?? {}, '"Content"');
  const state = text(from, 'State');
  return {
    id: text(from, 'ID'),
    type: text(from, 'Type'),
    state,
    progress: count(from, 'Progress'),
    errorCode: optionalCount(from, 'ErrorCode'),
    errorDescription: filledText(from, 'ErrorDescription'),
    createdAt: filledText(from, 'CreationTime'),
    content,
    failure: state === 'Success' || state === 'Failure' ? jobFailureIn(from, content) : undefined,
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';
const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * Orthanc identifiers of what a job was given, as far as its type tells them: by C-STORE and to peers as `ParentResources`;
 * by STOW-RS each instance, as `Resources.Instances`, also where its parent was named.
 */
export function namedIn({ content }: Pick<Job, 'content'>): string[] {
  const { ParentResources: parents, Resources: resources } = content;
  const byStow =
    typeof resources === 'object' && resources !== null && 'Instances' in resources
      ? resources.Instances
      : [];
  return [...listIn(parents), ...listIn(byStow)].filter(isText);
}

export const parseJobId = (value: unknown): string => text(record(value, 'the answer'), 'ID');

/** Starts a job that is followed by its identifier; ambiguous when the answer is lost, as the job may then be running. */
export const startJob = (
  ask: Ask,
  question: Pick<Question, 'path' | 'route' | 'destination' | 'signal'> & { readonly content: object },
): Promise<string> => {
  const content = { ...question.content, Synchronous: false };
  const once = { effect: 'whole', isOnNewConnection: true } as const;
  return ask({ ...question, ...once, method: 'POST', content }, parseJobId);
};

function lostJob(id: string, cause: unknown): Failure {
  const message = 'Orthanc no longer knows the job: it may or may not have done its work.';
  return ambiguousFailure('JOB_LOST', message, { cause, facts: { job: id } });
}

const stalled = 'JOB_STALLED';

function stalledJob({ id, type, state }: Job): Failure {
  const message = `The job (${type}) made no progress for too long, and was cancelled.`;
  return ambiguousFailure(stalled, message, { facts: { job: id, jobType: type, state } });
}

export function jobsOf(ask: Ask): Jobs {
  const pathOf = (id: string) => `/jobs/${encodeURIComponent(id)}`;
  const get = async (id: string, signal?: AbortSignal): Promise<Job> => {
    try {
      return await ask({ method: 'GET', path: pathOf(id), route: '/jobs/{id}', signal }, parseJob);
    } catch (error) {
      throw asFailure(error)?.code === 'ORTHANC_NOT_FOUND' ? lostJob(id, error) : error;
    }
  };
  const cancel = (id: string): Promise<void> =>
    ask(
      {
        method: 'POST',
        path: `${pathOf(id)}/cancel`,
        route: '/jobs/{id}/cancel',
        content: {},
        signal: AbortSignal.timeout(cancelLimit),
        isPlainText: true,
      },
      () => undefined,
    );
  const wait = async (id: string, watch: JobWatch): Promise<Job> => {
    try {
      return await followJob((signal) => get(id, signal), watch);
    } catch (error) {
      // Whether the job heard of it makes no difference to whoever stops: what it did is looked at before the next try.
      const isGivenUp = watch.signal?.aborted === true || asFailure(error)?.code === stalled;
      if (isGivenUp) await cancel(id).catch(() => undefined);
      watch.signal?.throwIfAborted();
      throw error;
    }
  };
  const finish = async (id: string, watch: JobWatch): Promise<Job> => {
    const job = await wait(id, watch);
    if (job.failure !== undefined) throw job.failure;
    return job;
  };
  const unfinished = (signal?: AbortSignal): Promise<UnfinishedJob[]> =>
    ask({ method: 'GET', path: '/jobs?expand', isFixedRoute: true, signal }, (answer) =>
      list(answer, 'the answer', parseJob)
        .filter((job) => !hasEnded(job))
        .map((job) => ({ id: job.id, resourceIds: namedIn(job) })),
    );
  return { get, wait, finish, unfinished, cancel };
}

async function followJob(
  look: (signal: AbortSignal | undefined) => Promise<Job>,
  { clock, pollEvery = 500, stallLimit = Infinity, signal, onProgress }: JobWatch,
): Promise<Job> {
  let [told, waited, stoodFor] = ['', 0, 0];
  for (;;) {
    const job = await look(signal);
    const news = `${job.state} ${String(job.progress)}`;
    if (news !== told) onProgress?.(job);
    if (news !== told || job.state === 'Pending') stoodFor = 0;
    told = news;
    if (hasEnded(job)) return job;
    if (stoodFor >= stallLimit) throw stalledJob(job);
    const pause = pauseAfter(waited, pollEvery);
    await clock.sleep(pause, signal);
    waited += pause;
    stoodFor += pause;
  }
}
