import type { ListedSeries, ListedStudy } from '@orthanc-tools/study-search';

/** SOP Instance UIDs of what a place holds of a study, each with its Series Instance UID where that is told. */
export type HeldImages = ReadonlyMap<string, string | undefined>;

export interface SeriesGap {
  readonly series: ListedSeries;
  /** Named by the source and not held. */
  readonly missing: readonly string[];
  /** So many more the source counts and does not name, beyond what is held. */
  readonly unnamed: number;
}

export interface Comparison {
  /** Every image of the source is held, by name, or by name and number. */
  readonly isComplete: boolean;
  readonly gaps: readonly SeriesGap[];
  /**
   * `uid`: every image was named by the source and is held. `uid+count`: the source names some, and as many as it counts
   * are held. `none`: it neither names nor counts them all, so that nobody can say.
   */
  readonly proof: 'uid' | 'uid+count' | 'none';
  /** Images of the source, as far as it names or counts them. */
  readonly images: number;
  /** Of these, so many different ones that it names. */
  readonly named: number;
}

/** What is missing of a study, by the image-level list of the source. Pure. */
export function compareImages(study: ListedStudy, held: HeldImages): Comparison {
  const gaps = study.series.flatMap((series): SeriesGap[] => {
    const missing = [...series.images].filter((uid) => !held.has(uid));
    const unnamed = unnamedIn(series, held);
    return missing.length > 0 || unnamed > 0 ? [{ series, missing, unnamed }] : [];
  });
  const images = study.series.reduce((sum, { images, told = 0 }) => sum + Math.max(images.size, told), 0);
  const named = new Set(study.series.flatMap((one) => [...one.images])).size;
  return { isComplete: gaps.length === 0, gaps, proof: proofOf(study), images, named };
}

/** Beyond those that are named: what is held of the series and was not named stands for them. */
function unnamedIn({ seriesInstanceUid, images, told, isWhole }: ListedSeries, held: HeldImages): number {
  if (isWhole || told === undefined) return 0;
  let others = 0;
  for (const [uid, series] of held) if (series === seriesInstanceUid && !images.has(uid)) others += 1;
  return Math.max(0, told - images.size - others);
}

function proofOf({ series, isWhole }: ListedStudy): Comparison['proof'] {
  if (isWhole && series.every((one) => one.isWhole)) return 'uid';
  return isWhole && series.every((one) => one.isWhole || one.told !== undefined) ? 'uid+count' : 'none';
}
