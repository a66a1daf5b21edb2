// The one declaration of the hooks: the forwarder itself is written against it, and the package hands it out.
// In a module of yours: /** @type {import('@orthanc-tools/forwarder/hooks').ForwarderHooks['filterInstance']} */

/** Values of an instance by keyword (`PatientName`); sequences as lists of the same. Private tags by `gggg,eeee`. Patient data. */
export interface HookTags {
  readonly [keyword: string]: string | readonly HookTags[] | undefined;
}

/** A series, by what Orthanc knows of it. */
export interface HookSeries {
  /** Orthanc's identifier. */
  readonly id: string;
  readonly modality: string;
  readonly studyDescription: string;
  readonly station: string;
  /** AET from which the source received it. */
  readonly sender: string;
  /** Of the series and of its study. */
  readonly labels: readonly string[];
}

/** A study, as far as it has arrived, on its way to one destination. */
export interface HookStudy {
  /** Name of the destination. */
  readonly destination: string;
  /** Orthanc's identifier. */
  readonly id: string;
  readonly instances: number;
  /** Those that the filter of the destination lets through. */
  readonly series: readonly HookSeries[];
}

/** An instance on its way to one destination. */
export interface HookInstance {
  /** Name of the destination. */
  readonly destination: string;
  /** Orthanc's identifiers. */
  readonly id: string;
  readonly seriesId: string;
  readonly studyId: string;
  /** Bytes. */
  readonly size: number;
  readonly tags: HookTags;
}

/** Names and values as Orthanc's `/modify` takes them, such as `{ replace: { InstitutionName: 'North' } }`. */
export interface HookEdits {
  readonly replace?: Readonly<Record<string, unknown>> | undefined;
  readonly remove?: readonly string[] | undefined;
}

/** What became of a unit (the study, series or instance that is forwarded as a whole) at one destination. */
export interface HookTransfer {
  /** Orthanc's identifier of the unit. */
  readonly unit: string;
  readonly destination: string;
  /** Alias or address that was really used. */
  readonly via: string;
  /** Instances. */
  readonly proved: number;
  readonly unproved: number;
  /** The weakest proof among those proved. */
  readonly proof: string;
  readonly attempt: number;
}

export interface HookFailure {
  readonly unit: string;
  /** Name of the destination; empty when the failure came before it was known who is to have the unit. */
  readonly destination: string;
  /** As in the list of codes. */
  readonly code: string;
  readonly message: string;
  readonly attempt: number;
}

type MaybeLater<Value> = Value | Promise<Value>;

/**
 * What a module may export. One that throws, or does not answer within --hook-timeout, lets nothing leave of what it was
 * asked about. The same question must always get the same answer: it may be asked again.
 */
export interface ForwarderHooks {
  /** Whether the destination is to have the study; asked once it is complete. What no destination is to have stays. */
  filterStudy?(study: HookStudy): MaybeLater<boolean>;
  /** The same, for one instance. */
  filterInstance?(instance: HookInstance): MaybeLater<boolean>;
  /** What is to be changed of the instance on the way, beside the profile; nothing when undefined. */
  processInstance?(instance: HookInstance): MaybeLater<HookEdits | undefined>;
  /** Called when a unit is at a destination. What it throws is logged, and changes nothing. */
  onForwarded?(transfer: HookTransfer): MaybeLater<unknown>;
  /** Called for each attempt that failed. What it throws is logged, and changes nothing. */
  onError?(failure: HookFailure): MaybeLater<unknown>;
}
