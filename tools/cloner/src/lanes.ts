import type { DicomWeb, Orthanc } from '@orthanc-tools/orthanc-client';
import type { Budget } from './budget.ts';
import type { Routes } from './plan-shipments.ts';

/** The two servers, what they offer, and the memory that all copies share. */
export interface Lanes {
  readonly source: Orthanc;
  readonly destination: Orthanc;
  readonly sourceWeb: DicomWeb | undefined;
  readonly destinationWeb: DicomWeb | undefined;
  readonly routes: Routes;
  /**
   * The destination answers at once. Then each instance is stored by a request of its own, which costs it less than
   * STOW-RS does; from afar the wait for each answer would cost more than that.
   */
  readonly isNear: boolean;
  readonly budget: Budget;
  /** Requests that store something, over all hands: more at once cost a near destination more, and gain nothing. */
  readonly stores: Budget;
}
