import type { ListedStudy } from '@orthanc-tools/study-search';
import type { SeriesGap } from './compare-images.ts';

/** What one transfer is to fetch. */
export interface Order {
  readonly level: 'Study' | 'Series' | 'Instance';
  /** UIDs of the level and of those above it, by keyword. */
  readonly resources: readonly Readonly<Record<string, string>>[];
  /** As many images as it may bring. */
  readonly images: number;
}

/** So many single images are asked for rather than their whole series. */
const mostSingly = 20;
/** After the whole study: series by series, then image by image. */
export const rounds = 3;

interface Situation {
  readonly study: ListedStudy;
  readonly gaps: readonly SeriesGap[];
  /** Nothing of the study has arrived yet. */
  readonly isUntouched: boolean;
  /** 0 for the first. */
  readonly round: number;
}

/**
 * The transfers that are to bring what is missing, the coarsest first: the study as a whole where nothing is there, then
 * only what is missing, ever finer, as whatever hinders one image or series must not hinder the others. Pure.
 */
export function planRound({ study, gaps, isUntouched, round }: Situation): Order[] {
  const ofStudy = { StudyInstanceUID: study.studyInstanceUid };
  if (isUntouched && round === 0) return [{ level: 'Study', resources: [ofStudy], images: countOf(gaps) }];
  return gaps.flatMap((gap): Order[] => {
    const ofSeries = { ...ofStudy, SeriesInstanceUID: gap.series.seriesInstanceUid };
    const isAll = gap.missing.length >= gap.series.images.size;
    const isFew = gap.missing.length <= mostSingly && gap.unnamed === 0;
    const isLast = round >= rounds - 1 && gap.unnamed === 0;
    if (!isLast && (isAll || !isFew))
      return [{ level: 'Series', resources: [ofSeries], images: gap.missing.length + gap.unnamed }];
    return inPortions(gap.missing).map((uids) => ({
      level: 'Instance',
      resources: uids.map((uid) => ({ ...ofSeries, SOPInstanceUID: uid })),
      images: uids.length,
    }));
  });
}

const countOf = (gaps: readonly SeriesGap[]): number =>
  gaps.reduce((sum, { missing, unnamed }) => sum + missing.length + unnamed, 0);

const inPortions = (uids: readonly string[]): (readonly string[])[] =>
  Array.from({ length: Math.ceil(uids.length / mostSingly) }, (_, at) =>
    uids.slice(at * mostSingly, (at + 1) * mostSingly),
  );
