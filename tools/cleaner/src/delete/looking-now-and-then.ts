import { checkClocks } from '../run/check-clocks.ts';
import type { TalliedRun } from '../run/end-early.ts';

/** What takes a request is looked at again after so long. */
export const lookEveryMs = 60_000;

/**
 * Whether the run may go on, by rules and clock: each time it is asked by whether the rules file is the same, and now and then by
 * the clock of Orthanc. What fails is looked at anew. The tally tells why not.
 * @throws configuration `CLOCKS_DIFFER`
 */
export function lookingNowAndThen(run: TalliedRun): () => Promise<boolean> {
  let [lookedAt, answer] = [-Infinity, true];
  return async () => {
    if (!answer) return answer;
    const now = run.clock.now().getTime();
    if (Math.abs(now - lookedAt) >= lookEveryMs) {
      await checkClocks(run.orthanc, run.clock);
      lookedAt = now;
    }
    answer = await areRulesTheSame(run);
    return answer;
  };
}

async function areRulesTheSame(run: TalliedRun): Promise<boolean> {
  if (await run.areRulesTheSame()) return true;
  run.tally.endedBy = 'rules';
  run.log.warn('rules.changed', {
    consequence: 'the rest is left for the next run, by the rules as they are then',
  });
  return false;
}
