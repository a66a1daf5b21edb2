import { describeFailure, exitCodes } from '@orthanc-tools/failures';
import type { RunContext, RunOutcome } from '@orthanc-tools/tool-runtime';
import type { CleanerMemory, RunNote } from './cleaner-memory.ts';
import { endsMoreThanRun } from './end-early.ts';

interface Noting extends Pick<RunContext, 'clock' | 'metrics'> {
  readonly memory: Pick<CleanerMemory, 'noteRun'>;
}

const metricOf = {
  done: 'done',
  'somebody should look': 'attention',
  failed: 'failed',
  interrupted: 'interrupted',
} as const;

function note(told: Omit<RunNote, 'at'>, { memory, metrics, clock }: Noting): void {
  metrics.setLastRun(metricOf[told.result]);
  memory.noteRun({ ...told, at: clock.now().getTime() });
}

/** For `status` and the metrics. What keeps the ledger from noting it ends the run, and what was done is told all the same. */
export function noteOutcome(outcome: RunOutcome, noting: Noting): RunOutcome {
  if (outcome.failure !== undefined && endsMoreThanRun(outcome.failure)) return outcome;
  try {
    if (outcome.failure === undefined)
      note({ result: resultOf(outcome), message: outcome.attention }, noting);
    else note({ result: 'failed', message: toldOf(outcome.failure) }, noting);
    return outcome;
  } catch (failure) {
    return { ...outcome, failure };
  }
}

/** A run that could not be made; the failure is told by who called, whether or not it is noted. */
export function noteFailure(error: unknown, noting: Noting): void {
  if (!endsMoreThanRun(error)) note({ result: 'failed', message: toldOf(error) }, noting);
}

function resultOf({ exitCode }: RunOutcome): 'done' | 'somebody should look' | 'interrupted' {
  if (exitCode === exitCodes.interrupted) return 'interrupted';
  return exitCode === exitCodes.done ? 'done' : 'somebody should look';
}

function toldOf(error: unknown): string {
  const { code, message } = describeFailure(error);
  return `${code}: ${message}`;
}
