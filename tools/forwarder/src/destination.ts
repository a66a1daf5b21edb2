import type { OrthancConnection } from '@orthanc-tools/orthanc-client';

/** How instances travel; the words of python-orthanc-tools, and `orthanc` for another Orthanc by its own address. */
export const modes = [
  'dicom',
  'dicom-series-by-series',
  'dicom-web',
  'dicom-web-series-by-series',
  'peering',
  'transfer',
  'orthanc',
] as const;

export type Mode = (typeof modes)[number];

/**
 * What must be known before an instance may be deleted here. `hash`: the destination holds the same bytes. `image`: it
 * tells the instance when asked, and did not before it was sent. `count`: it tells the instance, whoever sent it.
 * `none`: the sending was answered with success.
 */
export const verifications = ['none', 'count', 'image', 'hash'] as const;

export type Verification = (typeof verifications)[number];

/** Which series a destination wants; what is left out restricts nothing. */
export interface SeriesFilter {
  /** Modality (0008,0060). */
  readonly modalities?: readonly string[] | undefined;
  /** A part of the study description (0008,1030), in upper or lower case. */
  readonly studyDescription?: string | undefined;
  readonly studyDescriptionPattern?: RegExp | undefined;
  /** AET from which the inbox received it. */
  readonly senders?: readonly string[] | undefined;
  /** Station name (0008,1010). */
  readonly stations?: readonly string[] | undefined;
  /** One of these labels, at the study or the series. */
  readonly labels?: readonly string[] | undefined;
}

/** A way to one remote: where, and how. */
export interface Route {
  readonly mode: Mode;
  /** Alias of the modality, DICOMweb server or peer in the inbox; for `orthanc` the address, as messages show it. */
  readonly target: string;
  /** How to ask the remote itself; needed by `orthanc`, and by peers for any proof. */
  readonly connection?: OrthancConnection | undefined;
}

export interface Destination extends Route {
  /** Unique; names its ledger, and stands in every message. */
  readonly name: string;
  /** Undefined: the strongest that the remote allows. */
  readonly verify: Verification | undefined;
  readonly filter: SeriesFilter;
  /** What has more is sent first; 0 is usual. */
  readonly priority: number;
  /** Used while the first way is down. */
  readonly alternate: Route | undefined;
  /** UID of the transfer syntax into which instances are brought on the way. */
  readonly transcode: string | undefined;
  /** Name of the profile by which instances are changed on the way. */
  readonly profile: string | undefined;
}

/** How instances are changed on the way: by a route of Orthanc, and the body that it gets. */
export interface Profile {
  readonly kind: 'anonymize' | 'modify';
  readonly body: Readonly<Record<string, unknown>>;
  /** Undefined: kept by `modify`, new by `anonymize`. */
  readonly identifiers?: 'keep' | 'new' | undefined;
  /** From which pseudonyms derive; a key of the forwarder's own, if left out. */
  readonly key?: string | undefined;
}

/** Everything that was ordered: where what goes, and how it is changed on the way. */
export interface Forwarding {
  readonly destinations: readonly Destination[];
  /** By name; every profile that a destination names is there. */
  readonly profiles: ReadonlyMap<string, Profile>;
  /** Path of a JavaScript module. */
  readonly hooks: string | undefined;
  /** What is sent first, whatever the priority of its destination. */
  readonly urgent: SeriesFilter | undefined;
  /** Names of destinations that were taken out of service: nothing waits for them any more. */
  readonly retired: readonly string[];
}
