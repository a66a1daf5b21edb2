/** Units that the alternate has taken and cannot prove: they wait for the first way, and are looked at ever more rarely. */
export interface FirstWayAwaited {
  /** How long this unit waits until it is looked at once more (ms). */
  pauseMs(unit: string): number;
  /** The first way is back. @returns the units that have waited for it */
  end(): readonly string[];
}

/** A process that begins while they wait knows nothing of them: none waits longer than somebody would for a restart to help. */
const pauses = { firstMs: 30_000, longestMs: 600_000, longestToEndMs: 60_000 };

export function awaitFirstWay(isFollowing: boolean): FirstWayAwaited {
  const times = new Map<string, number>();
  const longestMs = isFollowing ? pauses.longestMs : pauses.longestToEndMs;
  return {
    pauseMs(unit) {
      const before = times.get(unit) ?? 0;
      times.set(unit, before + 1);
      return Math.min(pauses.firstMs * 2 ** before, longestMs);
    },
    end() {
      const units = [...times.keys()];
      times.clear();
      return units;
    },
  };
}
