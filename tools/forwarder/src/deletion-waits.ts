import type { Failure } from '@orthanc-tools/failures';
import type { Clock } from '@orthanc-tools/scheduling';
import type { Logger } from '@orthanc-tools/telemetry';
import { runPause } from '@orthanc-tools/work-loop';
import type { Mode } from './destination.ts';

/** A destination, and by which of its ways it is asked. */
interface Asked {
  readonly destination: string;
  /** Alias or address. */
  readonly via: string;
  readonly mode: Mode;
}

/** A way that could not be asked, and is left alone for a while. */
export interface Silence {
  readonly failure: Failure;
  /** In ms. */
  readonly askAgainInMs: number;
}

/** Deletions wait for destinations that cannot be asked: it is said once, and not for each study. */
export interface DeletionWaits {
  note(asked: Asked, failure: Failure): void;
  /** It answers: what kept it from that is over; what it says of single units may last. */
  isOver(asked: Asked): void;
  /** Undefined: it may be asked. One that is away is asked ever more rarely. */
  silenceOf(asked: Asked): Silence | undefined;
}

/** Shorter than what a run that is to end waits for. */
const askAgain = { firstMs: 5000, longestMs: 50_000 };

interface Wait {
  readonly pause: ReturnType<typeof runPause>;
  told: Failure | undefined;
  /** Why it is left alone. */
  away: Failure | undefined;
}

export function deletionWaits(
  log: Logger,
  clock: Pick<Clock, 'now'>,
  random: () => number = Math.random,
): DeletionWaits {
  const waits = new Map<string, Wait>();
  const waitOf = ({ destination, via, mode }: Asked): Wait => {
    const key = JSON.stringify([destination, via, mode]);
    const known = waits.get(key);
    if (known !== undefined) return known;
    const wait: Wait = { pause: runPause({ ...askAgain, random }), told: undefined, away: undefined };
    waits.set(key, wait);
    return wait;
  };
  const now = () => clock.now().getTime();
  return {
    note(asked, failure) {
      const { code, message } = failure;
      const wait = waitOf(asked);
      if (failure.scope === 'run') {
        wait.away = failure;
        // Several may have asked at the same time, which is one fault.
        if (wait.pause.restsUntil(now()) === undefined)
          wait.pause.begin({ epoch: wait.pause.epoch, now: now(), retryAfterMs: failure.retryAfterMs });
      }
      if (wait.told?.code === code) return;
      wait.told = failure;
      log.warn('deletion.waits', { ...asked, code, message });
    },
    isOver(asked) {
      const wait = waitOf(asked);
      wait.away = undefined;
      wait.pause.end(wait.pause.epoch);
      if (wait.told?.scope !== 'run') return;
      wait.told = undefined;
      log.info('deletion.goes_on', { ...asked });
    },
    silenceOf(asked) {
      const { away, pause } = waitOf(asked);
      const until = pause.restsUntil(now());
      return away === undefined || until === undefined
        ? undefined
        : { failure: away, askAgainInMs: until - now() };
    },
  };
}
