import { asFailure } from '@orthanc-tools/failures';
import type { DeletionTally } from '../delete/deletion-tally.ts';
import type { Cleaning } from './cleaning.ts';
import { withPatience } from './with-patience.ts';

/** A run that changes something, and what came of it so far. */
export interface TalliedRun extends Cleaning {
  readonly tally: DeletionTally;
}

/** Nothing takes longer than so, as far as `/health/live` goes. */
export const turnMs = 10 * 60_000;

/** Whether nothing more is to be begun; the tally then tells why. */
export function hasToEnd({
  tally,
  signal,
  schedule,
  clock,
}: Pick<TalliedRun, 'tally' | 'signal' | 'schedule' | 'clock'>): boolean {
  if (signal.aborted) tally.endedBy = 'interruption';
  else if (!schedule.isOpen(clock.now())) tally.endedBy = 'hours';
  return tally.endedBy !== undefined;
}

/** Ends the run where Orthanc stays away for too long. */
export async function untilAnswered(run: TalliedRun): Promise<void> {
  await orEnd(run, ({ signal }) => run.orthanc.system(signal));
}

/** An answer that is waited for; undefined where Orthanc stays away for too long, which ends the run, or the run is to stop. */
export async function orEnd<Answer>(
  run: TalliedRun,
  ask: (waiting: { readonly signal: AbortSignal }) => Promise<Answer>,
): Promise<Answer | undefined> {
  const answer = await withPatience(run, ask);
  if (answer === undefined && !run.signal.aborted) run.tally.endedBy = 'orthanc';
  return answer;
}

/** Whether an error ends more than a run: without the trail, or the ledger, nobody may go on, nor after a defect. */
export function endsMoreThanRun(error: unknown): boolean {
  const failure = asFailure(error);
  return failure === undefined || /^(AUDIT|LEDGER)_/.test(failure.code);
}
