/** A study, as far as rules can ask. Holds patient data: never to be logged as a whole. */
export interface KnownStudy {
  /** Orthanc's identifier. */
  readonly id: string;
  /** Orthanc's identifier of the patient. */
  readonly patient: string;
  /** Study Instance UID (0020,000D). */
  readonly uid: string;
  /** Patient ID (0010,0020). */
  readonly patientId: string;
  /** Without the one by which the cleaner marks what it is going to delete. */
  readonly labels: readonly string[];
  /** It has that label. */
  readonly isInQuarantine?: boolean | undefined;
  readonly modalities: readonly string[];
  readonly accession: string;
  readonly description: string;
  readonly institution: string;
  /** As it stands in the study (0008,0020), whether or not it is a date. */
  readonly studyDate: string;
  /** As it stands in the study (0008,0030). */
  readonly studyTime: string;
  /** When something of it was stored last, by Orthanc's clock, ms since 1970; undefined where Orthanc does not say. */
  readonly lastUpdate: number | undefined;
  /**
   * What Orthanc says of the last update now, where a deletion of ours that was broken off is the last: `lastUpdate` is then
   * that from before it.
   */
  readonly updateAfterOurs?: number | undefined;
  /** When the last of its instances arrived, ms since 1970; undefined where it was not asked for. */
  readonly arrival?: number | undefined;
  readonly isProtected: boolean;
}
