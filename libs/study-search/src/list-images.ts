import type { FoundTags } from '@orthanc-tools/orthanc-client';
import type { KnownCap } from './known-cap.ts';

/** A series as a remote tells it. */
export interface ListedSeries {
  readonly seriesInstanceUid: string;
  /** Modality (0008,0060), or empty. */
  readonly modality: string;
  /** SOP Instance UIDs of the images that it named. */
  readonly images: ReadonlySet<string>;
  /** Number of Series Related Instances (0020,1209); undefined where it was not told. */
  readonly told: number | undefined;
  /** False: there are, or may be, images that it did not name. */
  readonly isWhole: boolean;
}

/** What a remote says that a study consists of. */
export interface ListedStudy {
  readonly studyInstanceUid: string;
  readonly series: readonly ListedSeries[];
  /** False: there may be series that it did not name. */
  readonly isWhole: boolean;
}

export interface ImageQuestion {
  /** One C-FIND; without any retry. */
  find(level: 'Series' | 'Instance', keys: Readonly<Record<string, string>>): Promise<readonly FoundTags[]>;
  readonly studyInstanceUid: string;
  readonly caps: ListCaps;
}

/** Many servers have a limit for images, and another one for all above. */
export interface ListCaps {
  readonly series: KnownCap;
  readonly images: KnownCap;
}

const seriesKeys = { SeriesInstanceUID: '', Modality: '', NumberOfSeriesRelatedInstances: '' };

/**
 * Lists the images of a study as strict remotes want to be asked: its series, then the images of each, with the UIDs of
 * all levels above (hierarchical query, DICOM PS3.4 C.4.1.3.1). What a cap hides cannot be asked for by any key: it is
 * told as not whole, with the number of images where the remote tells it. No series: the remote does not know the study.
 */
export async function listImages({ find, studyInstanceUid, caps }: ImageQuestion): Promise<ListedStudy> {
  const ofStudy = { StudyInstanceUID: studyInstanceUid };
  const answers = await find('Series', { ...ofStudy, ...seriesKeys });
  const heads = new Map(answers.map((tags) => [textIn(tags, 'SeriesInstanceUID'), tags]));
  heads.delete('');
  const isWhole = !isSuspect(answers, caps.series);
  const series: ListedSeries[] = [];
  for (const [seriesInstanceUid, tags] of heads) {
    const keys = { ...ofStudy, SeriesInstanceUID: seriesInstanceUid, SOPInstanceUID: '' };
    const named = await find('Instance', keys);
    const images = new Set(named.map((image) => textIn(image, 'SOPInstanceUID')).filter((uid) => uid !== ''));
    const told = numberIn(tags, 'NumberOfSeriesRelatedInstances');
    // A series without an image is none: who names nothing and counts nothing has not answered.
    const mayBeCut = isSuspect(named, caps.images);
    const areAll = told === undefined ? images.size > 0 && !mayBeCut : images.size >= told;
    series.push({ seriesInstanceUid, modality: textIn(tags, 'Modality'), images, told, isWhole: areAll });
  }
  return { studyInstanceUid, series, isWhole };
}

function isSuspect({ length }: readonly FoundTags[], cap: KnownCap): boolean {
  const mayBeCut = cap.mayBeCut(length);
  cap.notice(length);
  return mayBeCut;
}

const textIn = (tags: FoundTags, keyword: string): string => tags[keyword]?.trim() ?? '';

function numberIn(tags: FoundTags, keyword: string): number | undefined {
  const number = Number(tags[keyword] ?? '');
  return Number.isInteger(number) && number > 0 ? number : undefined;
}
