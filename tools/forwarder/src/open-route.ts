import type { StoredInstance } from '@orthanc-tools/orthanc-client';
import type { CarriedByJob, SendingEnd } from '@orthanc-tools/sending-jobs';
import type { Route, Verification } from './destination.ts';
import type { Naming } from './name-wholes.ts';
import type { There } from './judge-instance.ts';

/** What can be asked of a remote about instances: by its DICOM identifiers, as only an Orthanc knows Orthanc's. */
export type Outgoing = StoredInstance &
  Required<Pick<StoredInstance, 'identifiers'>> & {
    readonly studyId: string;
    /** Where it is changed on the way: this is what the remote gets, and is asked about. */
    readonly made?: Made | undefined;
  };

/** A changed copy of an instance, by Orthanc's identifiers and by those of DICOM. Holds no patient data. */
export interface Made {
  readonly id: string;
  readonly studyId: string;
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly sopInstanceUid: string;
  readonly md5: string;
  /** Bytes. */
  readonly size: number;
  /** By which order it was made; see `Processing`. */
  readonly order?: string | undefined;
}

export interface SendSettings {
  readonly signal: AbortSignal;
  /** Where the way names wholes: to name each instance of a study costs the inbox more. */
  readonly wholes: readonly Naming[];
  /** Told as soon as the inbox has accepted the job: whoever dies afterwards finds it again by this. */
  onJob(jobId: string): void;
  /** Told before it throws when nothing was begun, or nothing can have got there. */
  onRefused(): void;
}

/** A way to one remote, in use. Nothing here repeats a request. */
export interface OpenRoute {
  readonly route: Route;
  /** The inbox is to be told whole studies and series where that may be. */
  readonly namesWholes: boolean;
  /**
   * The strongest verification that this remote allows; `none` when it cannot be asked for instances at all.
   * @throws a failure of scope `run` when it is away
   */
  strength(signal: AbortSignal): Promise<Verification>;
  /** @throws a failure of scope `run` when the remote is away */
  probe(signal: AbortSignal): Promise<void>;
  /** What the remote holds of these, by their Orthanc identifiers. */
  ask(instances: readonly Outgoing[], signal: AbortSignal): Promise<ReadonlyMap<string, There>>;
  /**
   * Sends the instances, together, and returns when the remote has accepted them all.
   * @returns what a job has taken along, where there was one
   * @throws what became of it; after an ambiguous failure a part may have arrived
   */
  send(instances: readonly Outgoing[], settings: SendSettings): Promise<CarriedByJob | undefined>;
  /** Jobs that are still sending some of these, for whoever did not hear what it had begun; none where this way has no jobs. */
  findJobs(instanceIds: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** Waits for a job of an earlier process. */
  resume(jobId: string, signal: AbortSignal): Promise<SendingEnd>;
}
