import type { DicomWeb, Orthanc } from '@orthanc-tools/orthanc-client';
import type { ByteBudget } from './byte-budget.ts';
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
  readonly budget: ByteBudget;
}
