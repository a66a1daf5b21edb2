import type { Failure } from '@orthanc-tools/failures';
import { addFate, bearable } from '../delete/deletion-tally.ts';
import { type TalliedRun, turnMs, untilAnswered } from '../run/end-early.ts';

interface Concerned {
  /** Orthanc's identifiers of studies. */
  readonly ids: readonly string[];
  /** Under which a failure is logged. */
  readonly event: string;
}

/**
 * Does something about some studies. Where it fails, they are left for the next run, as the tally tells, and Orthanc is waited
 * for: where it stays away for too long, the run ends.
 * @throws what would not pass by itself, and concerns more than them
 */
export async function unlessFailed<Answer>(
  { ids, event }: Concerned,
  run: TalliedRun,
  act: () => Promise<Answer>,
): Promise<Answer | undefined> {
  const { tally, memory, health, log, clock, signal } = run;
  health.listeners.onTurn(turnMs);
  try {
    return await act();
  } catch (error) {
    if (signal.aborted) return undefined;
    const failure = bearable(error);
    const now = clock.now().getTime();
    for (const id of ids)
      if (isGone(failure)) {
        addFate(tally, id, { is: 'vanished' }, now);
        memory.forgetQuarantine(id);
        log.info('study.vanished', { study: id });
      } else {
        addFate(tally, id, { is: 'failed', failure }, now);
        log.warn(event, { study: id, code: failure.code, message: failure.message });
      }
    await untilAnswered(run);
    return undefined;
  }
}

/** By Orthanc's own word; others may answer the same for a path that they do not know. */
const isGone = ({ code, facts }: Failure): boolean =>
  code === 'ORTHANC_NOT_FOUND' && facts['isOrthancAnswer'] === true;
