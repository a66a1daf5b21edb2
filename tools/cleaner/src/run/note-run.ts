import { describeFailure, exitCodes } from '@orthanc-tools/failures';
import type { RunContext, RunOutcome } from '@orthanc-tools/tool-runtime';
import type { CleanerMemory } from './cleaner-memory.ts';
import { endsMoreThanRun } from './end-early.ts';

interface Noting {
  readonly memory: Pick<CleanerMemory, 'noteRun'>;
  readonly clock: Pick<RunContext['clock'], 'now'>;
}

/** For `status`. What keeps the ledger from noting it ends the run, and what was done is told all the same. */
export function noteOutcome(outcome: RunOutcome, { memory, clock }: Noting): RunOutcome {
  if (outcome.failure !== undefined && endsMoreThanRun(outcome.failure)) return outcome;
  try {
    const at = clock.now().getTime();
    if (outcome.failure === undefined)
      memory.noteRun({ result: resultOf(outcome), at, message: outcome.attention });
    else memory.noteRun({ result: 'failed', at, message: toldOf(outcome.failure) });
    return outcome;
  } catch (failure) {
    return { ...outcome, failure };
  }
}

/** A run that could not be made; the failure is told by who called, whether or not it is noted. */
export function noteFailure(error: unknown, { memory, clock }: Noting): void {
  if (!endsMoreThanRun(error))
    memory.noteRun({ result: 'failed', at: clock.now().getTime(), message: toldOf(error) });
}

function resultOf({ exitCode }: RunOutcome): 'done' | 'somebody should look' | 'interrupted' {
  if (exitCode === exitCodes.interrupted) return 'interrupted';
  return exitCode === exitCodes.done ? 'done' : 'somebody should look';
}

function toldOf(error: unknown): string {
  const { code, message } = describeFailure(error);
  return `${code}: ${message}`;
}
