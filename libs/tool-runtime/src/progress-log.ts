import type { Clock } from '@orthanc-tools/scheduling';
import type { Logger } from '@orthanc-tools/telemetry';
import type { Progress, ProgressState } from './progress.ts';
import { startRateMeter } from './rate-meter.ts';

const everyMs = 30_000;

const rounded = (value: number) => Math.round(value * 10) / 10;

/** Progress for a log: `run.progress` at most every 30 s, and nothing while nothing changes. */
export function progressInLog(log: Logger, clock: Clock): Progress {
  const paceAt = startRateMeter();
  let loggedAtMs = clock.now().getTime();
  let logged = '';
  let noted = '';
  let isStopped = false;
  return {
    update(state: ProgressState) {
      const nowMs = clock.now().getTime();
      const pace = paceAt(state, nowMs);
      const now = JSON.stringify([state, noted]);
      if (isStopped || nowMs - loggedAtMs < everyMs || now === logged) return;
      loggedAtMs = nowMs;
      logged = now;
      log.info('run.progress', {
        ...state,
        ...(noted === '' ? {} : { note: noted }),
        partsPerSecond: rounded(pace.partsPerSecond),
        bytesPerSecond: Math.round(pace.bytesPerSecond),
        ...(pace.leftMs === undefined ? {} : { leftSeconds: Math.round(pace.leftMs / 1000) }),
      });
    },
    note(text) {
      noted = text;
    },
    stop() {
      isStopped = true;
    },
  };
}
