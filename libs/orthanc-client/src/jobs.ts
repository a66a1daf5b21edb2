import type { Ask } from './ask.ts';
import { type JsonRecord, count, filledText, optionalCount, record, text } from './json-fields.ts';

/** One of Orthanc's jobs. Its history is short: an older job is answered with `ORTHANC_NOT_FOUND`. */
export interface Job {
  readonly id: string;
  readonly type: string;
  /** `Pending`, `Running`, `Success`, `Failure`, `Paused`, `Retry`. */
  readonly state: string;
  /** Per cent. */
  readonly progress: number;
  readonly errorCode: number | undefined;
  readonly errorDescription: string | undefined;
  /** What the job's type tells of itself, unchecked. */
  readonly content: JsonRecord;
}

interface Sleeper {
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Jobs {
  get(id: string, signal?: AbortSignal): Promise<Job>;
  /** Looks every `pollEvery` ms until the job has succeeded or failed. */
  wait(id: string, settings: { clock: Sleeper; pollEvery?: number; signal?: AbortSignal }): Promise<Job>;
}

function parseJob(value: unknown): Job {
  const from = record(value, 'the answer');
  return {
    id: text(from, 'ID'),
    type: text(from, 'Type'),
    state: text(from, 'State'),
    progress: count(from, 'Progress'),
    errorCode: optionalCount(from, 'ErrorCode'),
    errorDescription: filledText(from, 'ErrorDescription'),
    content: record(from['Content'] ?? {}, '"Content"'),
  };
}

export function jobsOf(ask: Ask): Jobs {
  const get = (id: string, signal?: AbortSignal): Promise<Job> =>
    ask({ method: 'GET', path: `/jobs/${encodeURIComponent(id)}`, signal }, parseJob);
  return {
    get,
    async wait(id, { clock, pollEvery = 500, signal }) {
      for (;;) {
        const job = await get(id, signal);
        if (job.state === 'Success' || job.state === 'Failure') return job;
        await clock.sleep(pollEvery, signal);
      }
    },
  };
}
