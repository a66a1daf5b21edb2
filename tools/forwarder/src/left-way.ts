import type { Clock } from '@orthanc-tools/scheduling';
import { runPause } from '@orthanc-tools/work-loop';

/** A way that may be left for another, and is asked from time to time whether it answers again. */
export interface LeftWay extends Disposable {
  readonly isLeft: boolean;
  leave(): void;
}

interface LeftWayRequest {
  readonly clock: Clock;
  readonly random: () => number;
  /** Throws while it does not answer. */
  probe(signal: AbortSignal): Promise<unknown>;
  onBack(): void;
}

/** How long until it is asked again: growing from the one to the other, jittered. */
const askAgain = { firstMs: 1000, longestMs: 30_000 };

export function leftWay({ clock, random, probe, onBack }: LeftWayRequest): LeftWay {
  const ending = new AbortController();
  const rest = runPause({ ...askAgain, random });
  const now = () => clock.now().getTime();

  async function askUntilItAnswers(): Promise<void> {
    for (;;) {
      await clock.sleep((rest.restsUntil(now()) ?? now()) - now(), ending.signal);
      if (ending.signal.aborted) return;
      const { epoch } = rest;
      try {
        await probe(ending.signal);
      } catch {
        rest.begin({ epoch, now: now() });
        continue;
      }
      rest.end(epoch);
      onBack();
      return;
    }
  }
  return {
    get isLeft() {
      return rest.isOn;
    },
    leave() {
      if (rest.isOn) return;
      rest.begin({ epoch: rest.epoch, now: now() });
      void askUntilItAnswers();
    },
    [Symbol.dispose]() {
      ending.abort();
    },
  };
}
