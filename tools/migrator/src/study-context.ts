import type { Orthanc, Suspects } from '@orthanc-tools/orthanc-client';
import type { WeeklySchedule } from '@orthanc-tools/scheduling';
import type { RunContext } from '@orthanc-tools/tool-runtime';
import type { KnownCap, ListCaps } from '@orthanc-tools/study-search';
import type { WorkLedger } from '@orthanc-tools/work-ledger';
import type { Arrival } from './arrival.ts';
import type { HungOver } from './fault-of-modality.ts';
import type { TransferLimits } from './follow-transfer.ts';
import type { Lane } from './lane.ts';
import type { Pace } from './pace.ts';
import type { Receiver } from './receiver.ts';
import type { RunTotals } from './run-totals.ts';

/** The modality whose studies are migrated. */
export interface SourceModality {
  readonly alias: string;
  readonly method: 'move' | 'get';
  readonly lane: Lane;
  /** Of answers about studies. */
  readonly cap: KnownCap;
  /** Of the lists of what is in a study. */
  readonly listCaps: ListCaps;
  readonly arrival: Arrival;
  /** Of C-MOVE; Orthanc's own, if undefined. */
  readonly arrivalAet: string | undefined;
}

/** What it takes to migrate one study after the other. */
export interface StudyContext extends Pick<RunContext, 'log' | 'metrics' | 'clock'> {
  readonly orthanc: Orthanc;
  /** Orthanc itself: where it is away, no study loses an attempt. */
  readonly suspects: Suspects;
  /** Undefined: Orthanc itself. */
  readonly source: SourceModality | undefined;
  /** To whom Orthanc sends what it holds. */
  readonly receiver: Receiver | undefined;
  readonly hungOver: HungOver;
  readonly ledger: WorkLedger;
  readonly schedule: WeeklySchedule;
  readonly limits: TransferLimits;
  readonly pace: Pace;
  readonly deleteFromSource: boolean;
  /** MiB; 0: no limit. */
  readonly spaceThreshold: number;
  readonly totals: RunTotals;
  /** Of a study that is set aside; holds patient data. */
  readonly errorLog: ((study: DescribedStudy) => void) | undefined;
}

/** Whose study it is; patient data. */
export interface DescribedPatient {
  readonly patientId: string;
  readonly patientName: string;
  readonly birthDate: string;
}

/** What the source says of a study; patient data. */
export interface DescribedStudy extends DescribedPatient {
  readonly studyInstanceUid: string;
  readonly date: string;
  readonly description: string;
  /** Who shares the Study Instance UID with the patient: a fault of whoever made the images, and it does happen. */
  readonly otherPatients: readonly DescribedPatient[];
  /** Number of Study Related Instances (0020,1208), where it is told. */
  readonly images: number | undefined;
}

/** Of a study that nobody describes. */
export const nothingKnownOf = (studyInstanceUid: string): DescribedStudy => ({
  studyInstanceUid,
  date: '',
  patientId: '',
  patientName: '',
  birthDate: '',
  description: '',
  otherPatients: [],
  images: undefined,
});
