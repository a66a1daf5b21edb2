import type { Script } from '../people/scripts.ts';
import type { TransferSyntaxWriter } from '../pixels/transfer-syntax-writers.ts';

export interface CountRange {
  readonly from: number;
  readonly to: number;
}

/** Anatomy drawn with ellipses; zeros; or noise in all bits that are stored. */
export type ImageFilling = 'phantom' | 'flat' | 'random';

export interface ArchiveRequest {
  /** Everything follows from it: another seed gives other patients and other UIDs. */
  readonly seed: string | number;
  readonly studies: number;
  /** Index of the first study to make, so that several workers can share one archive. 0 unless given. */
  readonly firstStudy?: number;
  /** Modalities to draw from; CT and MR unless given, as fixtures want slices. */
  readonly modalities?: readonly string[];
  readonly scripts?: readonly Script[];
  /** A number, a range, or what is usual for the modality. */
  readonly seriesPerStudy?: number | CountRange;
  readonly instancesPerSeries?: number | CountRange;
  /** Pixels; the modality's usual size unless given. 512 makes instances of 0.5 MB, 16 instances of some 2 KB. */
  readonly imageSize?: number | { readonly rows: number; readonly columns: number };
  /** What the images show; a phantom unless given. Nothing is drawn into flat ones. */
  readonly imageContent?: ImageFilling;
  /** DICOM dates, both included. */
  readonly studyDates?: { readonly from: string; readonly to: string };
  /** Each series is written in one of them; explicit little endian unless given. */
  readonly transferSyntaxes?: readonly TransferSyntaxWriter[];
}

/** A fixed range: the archive of a seed must not depend on the day on which it is made. */
export const usualStudyDates = { from: '20180101', to: '20251231' };
