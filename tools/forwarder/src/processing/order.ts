/** Who an instance is, by the four of DICOM. `patientId` is patient data. */
export interface Identity {
  readonly patientId: string;
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly sopInstanceUid: string;
}

/** What is ordered of Orthanc for every instance that goes to one destination. */
export interface Order {
  readonly route: 'modify' | 'anonymize';
  /** `new`: derived from the old ones, and so are all other UIDs. */
  readonly identifiers: 'keep' | 'new';
  readonly replace: Readonly<Record<string, unknown>>;
  readonly remove: readonly string[];
  /** Of an anonymisation: what is not to be removed. */
  readonly keep: readonly string[];
  /** Further fields of the request: `KeepPrivateTags`, `DicomVersion`, … */
  readonly more: Readonly<Record<string, unknown>>;
  /** UID of a transfer syntax; what has no pixel data is not compressed. */
  readonly transcode: string | undefined;
}

/** What is ordered beside that for one instance. Names and values as Orthanc's `/modify` takes them. */
export interface TagEdits {
  readonly replace?: Readonly<Record<string, unknown>> | undefined;
  readonly remove?: readonly string[] | undefined;
}
