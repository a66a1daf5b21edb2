import { configurationError } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Clock } from '@orthanc-tools/scheduling';

/** So much may the clocks differ; nothing is deleted by a clock that may be wrong. */
const clockLimitMs = 10 * 60_000;

/**
 * @returns what Orthanc's clock says, ms since 1970, in whole seconds
 * @throws configuration `CLOCKS_DIFFER` when the clocks of this machine and of Orthanc differ by more than ten minutes
 */
export async function checkClocks(orthanc: Pick<Orthanc, 'now'>, clock: Pick<Clock, 'now'>): Promise<number> {
  const asked = clock.now().getTime();
  const told = (await orthanc.now()).getTime();
  const answered = clock.now().getTime();
  // However long the answer took, the difference is at least this.
  const differenceMs = told < asked ? asked - told : Math.max(0, told - answered);
  if (differenceMs <= clockLimitMs) return told;
  throw configurationError(
    'CLOCKS_DIFFER',
    `The clocks of this machine and of Orthanc differ by ${String(Math.round(differenceMs / 60_000))} minutes: nothing is deleted before one of them is put right.`,
    { facts: { differenceMs } },
  );
}
