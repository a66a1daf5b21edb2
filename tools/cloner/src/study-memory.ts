import { type LedgerView, type WorkLedger, eachRemembered } from '@orthanc-tools/work-ledger';

/** Where what is remembered of studies lies. */
export type StudyMemory = Pick<WorkLedger, 'remember' | 'remembered' | 'forget' | 'flush'>;

/** A job of the source that may have been begun, and may have ended, without anybody having noted how. */
export interface BegunJob {
  /** Missing where nobody lived to hear it. */
  readonly id?: string;
}

const jobPart = 'job';
/** What is looked for comes before the digests of belongings. */
const fewAtATime = 100;

/** What one part of the memory of a study says. */
export function recall(
  memory: Pick<LedgerView, 'remembered'>,
  study: string,
  part: string,
): string | undefined {
  for (const one of eachRemembered(memory, study, fewAtATime)) if (one.part === part) return one.note;
  return undefined;
}

/** Durable on return: whoever comes after this process waits for the job. */
export function noteJob(memory: StudyMemory, studies: Iterable<string>, job: BegunJob): void {
  for (const study of studies) memory.remember(study, [{ part: jobPart, note: JSON.stringify(job) }]);
  memory.flush();
}

export function forgetJob(memory: StudyMemory, studies: Iterable<string>): void {
  for (const study of studies) memory.forget(study, [jobPart]);
}

export function begunJob(memory: StudyMemory, study: string): BegunJob | undefined {
  const note = recall(memory, study, jobPart);
  return note === undefined ? undefined : (JSON.parse(note) as BegunJob);
}
