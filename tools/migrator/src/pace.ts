import type { Clock } from '@orthanc-tools/scheduling';

/** How fast images may go. */
export interface Pace {
  /** Ends when the next transfer may begin, or when the signal is aborted. */
  untilFree(signal: AbortSignal): Promise<void>;
  /** So many images have gone. */
  spend(images: number): void;
}

const msPerMinute = 60_000;

/**
 * So many images per minute, on average: a transfer is not throttled, as no DICOM service can do that, but the next one
 * waits until the average is kept. Time in which nothing went is not made up for.
 */
export function paceOf(imagesPerMinute: number | undefined, clock: Clock): Pace {
  if (imagesPerMinute === undefined) return { untilFree: () => Promise.resolve(), spend: () => undefined };
  let freeAt = 0;
  const now = () => clock.now().getTime();
  return {
    async untilFree(signal) {
      while (now() < freeAt && !signal.aborted) await clock.sleep(freeAt - now(), signal);
    },
    spend(images) {
      freeAt = Math.max(freeAt, now()) + (images / imagesPerMinute) * msPerMinute;
    },
  };
}
