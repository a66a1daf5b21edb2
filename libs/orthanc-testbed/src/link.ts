import { performance } from 'node:perf_hooks';

/** What a network link does to all connections that pass it; may be changed while they pass. */
export interface LinkFaults {
  /** Nothing passes; connections are accepted and stay open. */
  stall: boolean;
  /** Time that one request and its answer spend on the link, in milliseconds; half of it each way. */
  roundTripMs: number;
  /** Bytes per second that the link carries in each direction, shared by all connections. Zero is without limit. */
  bytesPerSecond: number;
}

const leastWindow = 256 * 1024;
const greatestWindow = 32 * 1024 * 1024;

/** One direction of a link. */
export interface Lane {
  /** When bytes that are sent now arrive, on the clock of `performance.now()`. */
  arrivalOf(bytes: number): number;
  /** Bytes that one connection may have under way before its sender has to wait. */
  window(): number;
  isStalled(): boolean;
}

export function createLane(faults: Readonly<LinkFaults>): Lane {
  let freeAt = 0;
  return {
    arrivalOf(bytes) {
      const now = performance.now();
      if (faults.bytesPerSecond > 0) {
        freeAt = Math.max(now, freeAt) + (bytes / faults.bytesPerSecond) * 1000;
        return freeAt + faults.roundTripMs / 2;
      }
      return now + faults.roundTripMs / 2;
    },
    // A window below bandwidth times delay would throttle what the caller only wanted delayed.
    window: () =>
      faults.bytesPerSecond > 0
        ? Math.max(leastWindow, (faults.bytesPerSecond * faults.roundTripMs) / 1000)
        : greatestWindow,
    isStalled: () => faults.stall,
  };
}
