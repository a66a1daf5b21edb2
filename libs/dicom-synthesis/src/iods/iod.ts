import type { Attributes } from '@orthanc-tools/dicom-files';
import type { CountRange } from '../archive/request.ts';
import type { Sex } from '../people/person-name.ts';
import type { RandomStream } from '../random-stream.ts';
import type { Painting } from '../pixels/paint.ts';

/** What is usually asked for: one entry is one kind of study, with the series that it has. */
export interface Protocol {
  readonly weight: number;
  readonly study: string;
  readonly bodyPart: string;
  readonly series: readonly string[];
}

/** What documents say of their study. */
export interface StudyFacts {
  readonly patientId: string;
  readonly accessionNumber: string;
  readonly date: string;
  readonly time: string;
}

export interface SeriesContext {
  readonly random: RandomStream;
  readonly protocol: Protocol;
  readonly seriesDescription: string;
  readonly frameOfReferenceUid: string;
  readonly instances: number;
  readonly rows: number;
  readonly columns: number;
  readonly study: StudyFacts;
}

/** A value that changes from instance to instance, in a field of fixed width: text, or a whole number of two bytes. */
export interface VaryingValue {
  readonly keyword: string;
  readonly width: number;
  valueOf(instanceIndex: number): string;
}

export interface SeriesContent {
  /** The same for all instances of the series. */
  readonly attributes: Attributes;
  readonly varying: readonly VaryingValue[];
}

export interface ImageContent {
  readonly usualSize: number;
  /** Up to 8 are stored in one byte. */
  readonly bitsStored: number;
  /** Of a multi-frame image. */
  readonly frames?: CountRange;
  /** Stored value of burnt-in text: bright, yet within the range of the picture, which viewers stretch. */
  readonly ink: number;
  /** The picture at a position of the volume, 0 to 1. */
  paint(position: number): Painting;
}

/** One kind of object, as one file in this folder; `catalogue.ts` lists them. */
export interface Iod {
  readonly modality: string;
  /** A stack of slices, one projection at a time, moving pictures, pictures of a screen, or no picture. */
  readonly kind: 'slices' | 'projection' | 'cine' | 'capture' | 'document';
  readonly sopClassUid: string;
  /** Of whom it is made, where not of anybody: ages in years, both included, at the first visit. */
  readonly patients?: CountRange & { readonly sex: Sex };
  /** Its share among the studies. */
  readonly weight: number;
  readonly usualSeries: CountRange;
  readonly usualInstances: CountRange;
  readonly protocols: readonly Protocol[];
  readonly image?: ImageContent;
  describeSeries(context: SeriesContext): SeriesContent;
}
