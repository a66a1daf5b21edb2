export interface Company {
  /** Some are being looked at right now which may be the next to wait here. */
  isComing(): boolean;
  /** So many wait here that they need no more. */
  isEnough(): boolean;
}

/** A job by DICOMweb lasts half a second, however little it sends: so long may be waited for what can share it. */
export const longestWaitMs = 500;

/**
 * Until when nothing is to be sent, as more that goes with it is on its way (ms since 1970); undefined: at once. Waits once,
 * and then not before there was nothing to be waited for.
 */
export function awaitCompany({ isComing, isEnough }: Company): (now: number) => number | undefined {
  let since: number | undefined;
  return (now) => {
    if (isEnough() || !isComing()) since = undefined;
    else since ??= now;
    const until = since === undefined ? now : since + longestWaitMs;
    return until > now ? until : undefined;
  };
}
