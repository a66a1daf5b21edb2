import { checkClocks } from '../run/check-clocks.ts';
import type { TalliedRun } from '../run/end-early.ts';

/** Clock and rules are looked at again after so long. */
const lookEveryMs = 60_000;

/**
 * Whether the run may go on, by clock and rules, which are looked at again now and then. What fails is looked at anew. The
 * tally tells why not.
 * @throws configuration `CLOCKS_DIFFER`
 */
export function lookingNowAndThen(run: TalliedRun): () => Promise<boolean> {
  let [lookedAt, answer] = [-Infinity, true];
  return async () => {
    const now = run.clock.now().getTime();
    if (Math.abs(now - lookedAt) < lookEveryMs) return answer;
    answer = await mayGoOn(run);
    lookedAt = now;
    return answer;
  };
}

async function mayGoOn(run: TalliedRun): Promise<boolean> {
  await checkClocks(run.orthanc, run.clock);
  if (await run.areRulesTheSame()) return true;
  run.tally.endedBy = 'rules';
  run.log.warn('rules.changed', {
    consequence: 'the rest is left for the next run, by the rules as they are then',
  });
  return false;
}
