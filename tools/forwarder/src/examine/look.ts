import type { Failure, Finding } from '@orthanc-tools/failures';
import type { Orthanc } from '@orthanc-tools/orthanc-client';
import { type Find, expected } from '@orthanc-tools/server-examination';
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

/** A failure is a finding, and must not cost the others. */
export async function asFinding(
  look: () => Promise<Finding>,
  otherwise: (failure: Failure) => Finding,
): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    return otherwise(expected(error));
  }
}
