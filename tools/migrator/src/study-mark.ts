import type { FoundStudy } from '@orthanc-tools/study-search';

/**
 * What the search has told of a study, as the ledger keeps it: when it changes, the study is looked at again. Where no number
 * is told, more images change nothing: to list the images of each such study anew would put some questions per study in each run.
 */
export interface StudyMark {
  /** `YYYYMMDD`, or empty. */
  readonly date: string;
  /** Number of its images, where it was told. */
  readonly images?: number;
}

/** Without patient data. */
export const writeMark = ({ date, instances }: Pick<FoundStudy, 'date' | 'instances'>): string =>
  JSON.stringify({ date, ...(instances !== undefined && { images: instances }) } satisfies StudyMark);

/** Of a study that came from a list, nothing is known. */
export function readMark(mark: string): StudyMark {
  if (!mark.startsWith('{')) return { date: '' };
  return JSON.parse(mark) as StudyMark;
}
