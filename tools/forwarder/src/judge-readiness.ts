/** What Orthanc tells of a study or series that may still be arriving. */
export interface ArrivalFacts {
  /** Nothing has arrived for Orthanc's `StableAge`. */
  readonly isStable: boolean;
  /** When its last instance was seen to have arrived, ms since 1970. */
  readonly lastUpdate: number;
}

export type Readiness = { readonly is: 'ready' } | { readonly is: 'arriving'; readonly againInMs: number };

/** So often is asked again where no time can be told: Orthanc does not say when something will be stable. */
const usualWaitMs = 2000;

/**
 * Whether a unit may go: Orthanc calls it stable, and nothing has come for the quiet time. Stable alone is not enough:
 * a server that was just started calls stable whatever it holds. Pure.
 */
export function judgeReadiness(
  { isStable, lastUpdate }: ArrivalFacts,
  { now, quietMs }: { readonly now: number; readonly quietMs: number },
): Readiness {
  const restMs = lastUpdate + quietMs - now;
  if (isStable && restMs <= 0) return { is: 'ready' };
  return { is: 'arriving', againInMs: Math.max(restMs, isStable ? 0 : usualWaitMs) };
}
