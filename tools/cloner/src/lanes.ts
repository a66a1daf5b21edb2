import type { DicomWeb, Orthanc, Outages } from '@orthanc-tools/orthanc-client';
import type { Budget } from '@orthanc-tools/work-loop';
import type { BothSystems } from './ask-both-systems.ts';
import type { BelongingsWork } from './belongings/belongings-work.ts';
import type { Carrier } from './carrier.ts';
import type { Routes } from './plan-shipments.ts';
import type { Tempo } from './tempo.ts';

/** The two servers, what they offer, and the memory that all copies share. */
export interface Lanes {
  readonly source: Orthanc;
  readonly destination: Orthanc;
  readonly sourceWeb: DicomWeb | undefined;
  readonly destinationWeb: DicomWeb | undefined;
  readonly routes: Routes;
  readonly tempo: () => Promise<Tempo>;
  readonly budget: Budget;
  readonly outages: Outages;
  /** How instances travel. */
  readonly carrier: Carrier;
  /** What else belongs to a study; undefined where nothing but images is to travel. */
  readonly belongings: BelongingsWork | undefined;
  /** What both told of themselves at the start. */
  readonly systems: BothSystems;
}
