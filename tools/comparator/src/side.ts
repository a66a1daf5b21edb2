import type { Slice, SliceSearch } from '@orthanc-tools/study-search';
import type { Tags } from './attributes.ts';

/** How deep the two sides are compared. */
export const levels = ['Study', 'Series', 'Instance', 'Hash'] as const;
export type Level = (typeof levels)[number];

/** A study as one side tells it. `tags` are patient data. */
export interface SideStudy {
  readonly uid: string;
  /** `YYYYMMDD`, or empty. */
  readonly date: string;
  readonly tags: Tags;
  /** Undefined where it is not told. */
  readonly instances: number | undefined;
  /** Orthanc's identifier; undefined at a modality. */
  readonly orthancId: string | undefined;
  /** What is told under the same UID of other patients. */
  readonly otherPatients?: readonly Tags[];
}

export interface SideInstance {
  readonly tags: Tags;
  readonly orthancId?: string | undefined;
  readonly md5?: string | undefined;
}

export interface SideSeries {
  readonly tags: Tags;
  readonly orthancId?: string | undefined;
  /** By SOP Instance UID; empty where only series are compared. */
  readonly instances: ReadonlyMap<string, SideInstance>;
  /** Orthanc's identifiers of its instances, where only these were asked for; `instances` is then empty. */
  readonly instanceIds?: ReadonlySet<string>;
  /** How many the side says that there are, where it says so. */
  readonly told?: number | undefined;
  /** There may be more than `instances`. */
  readonly mayBeCut?: boolean;
}

export interface SideDates {
  readonly from: string;
  readonly to: string;
}

/** What a study consists of, by Series Instance UID. */
export interface SideContent {
  readonly series: ReadonlyMap<string, SideSeries>;
  /** There may be more series. */
  readonly mayBeCut: boolean;
}

export interface WantedSlices extends Pick<SliceSearch, 'span' | 'order' | 'weigh' | 'mostDays'> {
  /** Instead of what the side knows of its own limits. */
  readonly cap?: SliceSearch['cap'] | undefined;
}

/** One of the two that are compared. What it answers may be wrong in one way only: it may tell less than it holds. */
export interface Side {
  /** For people: an address, or the alias of a modality. */
  readonly name: string;
  /** What it tells empty is empty: others leave out what they do not know. */
  readonly tellsAll: boolean;
  /** The studies of a range, slice by slice. */
  slices(wanted: WantedSlices): AsyncIterable<Slice>;
  /** That it told so many studies of some days, and holds more: its answers are cut at no larger number. */
  learnCut(told: number): void;
  /** Those of some days; undefined: all. */
  studiesOf(dates: SideDates | undefined): Promise<SideStudy[]>;
  /** Undefined where it does not count, or could not. */
  countOf(dates: SideDates): Promise<number | undefined>;
  /** Those that are there, whatever their date. Asked until the answer can be believed. */
  studiesByUid(uids: readonly string[]): Promise<ReadonlyMap<string, SideStudy>>;
  /** Whatever it tells of the patient: `identityKeys` of each study. */
  patient(patientId: string): Promise<readonly Tags[]>;
  /**
   * Several studies at once, for a first look; undefined where the side does not answer such questions. What it does not
   * tell may be there nevertheless.
   */
  glance(studies: readonly SideStudy[]): Promise<ReadonlyMap<string, SideContent> | undefined>;
  /**
   * One study, asked for in the way that everybody answers. Of what `known` names, it is certain afterwards whether it
   * is there, whatever the side cuts; of anything else it is not where `mayBeCut`.
   */
  contentOf(studyUid: string, known: SideContent): Promise<SideContent>;
}

export const nothing: SideContent = { series: new Map(), mayBeCut: false };

/** What was seen of a study on both sides. */
export interface Glimpse {
  readonly here: SideContent;
  readonly there: SideContent;
}
