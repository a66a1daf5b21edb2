import type { Orthanc } from '@orthanc-tools/orthanc-client';
import type { Find } from '@orthanc-tools/server-examination';
import type { Clock } from '@orthanc-tools/scheduling';
import type { Route } from '../destination.ts';

/** One way to a destination, and what is needed to look at it from the inbox. */
export interface WayLook {
  readonly inbox: Orthanc;
  readonly route: Route;
  readonly find: Find;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}
