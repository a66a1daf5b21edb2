import type { FoundStudy, Span } from '@orthanc-tools/study-search';

/** The answer to one question of a search. */
export interface ToldPart {
  readonly span: Span;
  readonly studies: readonly FoundStudy[];
}

/**
 * Of what a search tells, the studies that it has not told before. Parts of a range of days have none in common; what
 * overlaps are the parts of one day, and studies without a date may be told with any. So memory holds the studies of a
 * day that was told in parts, and those without a date.
 */
export function onceEach(): (told: ToldPart) => FoundStudy[] {
  const undated = new Set<string>();
  let [day, ofDay] = ['', new Set<string>()];
  return ({ span, studies }) => {
    const inParts = dayInParts(span);
    if (inParts !== undefined && inParts !== day) [day, ofDay] = [inParts, new Set()];
    return studies.filter(({ studyInstanceUid: uid, date }) => {
      const known = date === '' ? undated : inParts === undefined ? undefined : ofDay;
      if (known?.has(uid) === true) return false;
      known?.add(uid);
      return true;
    });
  };
}

/** Undefined: it holds whole days, or what has no date. */
const dayInParts = ({ dates }: Span): string | undefined =>
  dates !== undefined && dates.from === dates.to ? dates.from : undefined;
