import type { Suspects } from '@orthanc-tools/orthanc-client';
import type { Claim } from '@orthanc-tools/work-ledger';
import type { Hand } from '@orthanc-tools/work-loop';
import type { BelongingStudy, BelongingsRoute } from './belongings/bring-belongings.ts';
import type { StudyOutcome } from './study-outcome.ts';

/** A study after all that could be sent together was sent. */
export interface Brought {
  readonly claim: Claim;
  /** Sends alone what has to be, and says what became of the study. */
  conclude(): Promise<StudyOutcome>;
  /** What the source says belongs to it. */
  readonly belongs?: BelongingStudy;
}

/** How studies that were claimed get to the destination, and what proves them there. */
export interface Bringing {
  /** @throws when the studies cannot even be looked at, and what ends the run */
  bring(claims: readonly Claim[], hand: Hand): Promise<readonly Brought[]>;
  /** Undefined where nothing but images is to travel, or the destination cannot be asked. */
  readonly belongings?: BelongingsRoute;
  /** Who may be at fault when something fails. */
  readonly suspects: Suspects;
}
