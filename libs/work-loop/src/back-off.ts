export interface BackOffSettings {
  readonly firstMs: number;
  readonly longestMs: number;
  /** From 0 to 1, like `Math.random`. */
  readonly random: () => number;
}

function growing({ firstMs, longestMs }: BackOffSettings, time: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(time - 1, 40));
}

/** How long an item waits after its n-th attempt: full jitter, so that items that failed together do not come back together. */
export function itemDelay(settings: BackOffSettings, attempt: number, retryAfterMs = 0): number {
  return retryAfterMs + settings.random() * growing(settings, attempt);
}

/** How long everything rests after the n-th fault in a row of a server: at least half of the growing time. */
export function pauseDelay(settings: BackOffSettings, time: number, retryAfterMs = 0): number {
  return Math.max(retryAfterMs, growing(settings, time) * (0.5 + 0.5 * settings.random()));
}
