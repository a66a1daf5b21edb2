/** How a text of a study is compared: with all of it, or with a pattern. */
export type TextTest = { readonly literal: string } | { readonly pattern: RegExp };

/** Which studies a rule speaks of; all that is said must be met. */
export interface Criteria {
  /** The study has one of these labels. */
  readonly labels?: readonly string[] | undefined;
  /** The study has no label at all. */
  readonly isWithoutLabels?: boolean | undefined;
  /** One of the modalities of the study is one of these. */
  readonly modalities?: readonly string[] | undefined;
  /** Accession number (0008,0050). */
  readonly accession?: TextTest | undefined;
  /** Study description (0008,1030). */
  readonly description?: TextTest | undefined;
  /** Institution name (0008,0080). */
  readonly institution?: TextTest | undefined;
}

export const ageUnits = ['hours', 'days', 'weeks', 'months', 'years'] as const;

export interface Age {
  /** 0 or more. */
  readonly count: number;
  readonly unit: (typeof ageUnits)[number];
}

export const ageBases = ['both', 'study-date', 'arrival', 'last-update'] as const;

/** What must be older than the limit; `both`: study date and last update, as with the Python tool. */
export type AgeBasis = (typeof ageBases)[number];

/** By this, studies may be deleted. */
export interface RetentionRule {
  /** Names the rule in the plan, the log and the audit trail. */
  readonly name: string;
  readonly criteria: Criteria;
  readonly age: Age;
  readonly basis: AgeBasis;
  /** So many of the newest studies of which the rule speaks stay, whatever their age, and whichever rule says otherwise. */
  readonly minimumToKeep: number;
  /** What has more is deleted first. */
  readonly priority: number;
  /** Also studies of protected patients. */
  readonly includesProtected: boolean;
  /** Applies only while the disk is fuller than it should be. */
  readonly isForFullDisk: boolean;
}

/** What this speaks of is kept, whatever the other rules say. */
export interface KeepRule {
  readonly name: string;
  readonly criteria: Criteria;
  /** Patient ID (0010,0020). */
  readonly patientIds?: ReadonlySet<string> | undefined;
  /** Study Instance UID (0020,000D). */
  readonly studyUids?: ReadonlySet<string> | undefined;
  /** The patient is protected. */
  readonly isForProtected?: boolean | undefined;
  /** Last day on which it holds, `YYYYMMDD` in the zone of the policy; for ever without it. */
  readonly until?: string | undefined;
}

export interface Policy {
  readonly rules: readonly RetentionRule[];
  /** Those by which nothing is deleted now; of what they speak of they keep their minimum all the same. */
  readonly resting?: readonly RetentionRule[];
  readonly keep: readonly KeepRule[];
}

/** A moment, and the zone whose calendar counts. */
export interface Moment {
  readonly now: Date;
  readonly timeZone: string;
}
